// Original file: skopeo/health.proto


export interface CheckRequest {
  'service'?: (string);
}

export interface CheckRequest__Output {
  'service': (string);
}
