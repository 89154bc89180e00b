// Original file: skopeo/process.proto


export interface ReadStreamRequest {
  'containerId'?: (string);
  'execId'?: (string);
  'len'?: (number);
}

export interface ReadStreamRequest__Output {
  'containerId': (string);
  'execId': (string);
  'len': (number);
}
