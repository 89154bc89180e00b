// Original file: skopeo/process.proto


export interface SignalProcessRequest {
  'containerId'?: (string);
  'execId'?: (string);
  'signal'?: (number);
}

export interface SignalProcessRequest__Output {
  'containerId': (string);
  'execId': (string);
  'signal': (number);
}
