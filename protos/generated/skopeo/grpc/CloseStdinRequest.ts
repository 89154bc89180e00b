// Original file: skopeo/process.proto


export interface CloseStdinRequest {
  'containerId'?: (string);
  'execId'?: (string);
}

export interface CloseStdinRequest__Output {
  'containerId': (string);
  'execId': (string);
}
