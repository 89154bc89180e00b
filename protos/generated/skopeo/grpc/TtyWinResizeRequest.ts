// Original file: skopeo/process.proto


export interface TtyWinResizeRequest {
  'containerId'?: (string);
  'execId'?: (string);
  'row'?: (number);
  'column'?: (number);
}

export interface TtyWinResizeRequest__Output {
  'containerId': (string);
  'execId': (string);
  'row': (number);
  'column': (number);
}
