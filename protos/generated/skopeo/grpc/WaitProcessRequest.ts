// Original file: skopeo/process.proto


export interface WaitProcessRequest {
  'containerId'?: (string);
  'execId'?: (string);
}

export interface WaitProcessRequest__Output {
  'containerId': (string);
  'execId': (string);
}
