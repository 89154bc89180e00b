// Original file: main/process.proto


export interface WaitProcessResponse {
  'status'?: (number);
}

export interface WaitProcessResponse__Output {
  'status': (number);
}
