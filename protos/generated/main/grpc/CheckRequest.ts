// Original file: main/health.proto


export interface CheckRequest {
  'service'?: (string);
}

export interface CheckRequest__Output {
  'service': (string);
}
