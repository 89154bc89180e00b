// Original file: main/sandbox.proto


export interface AddSwapPathRequest {
  'path'?: (string);
}

export interface AddSwapPathRequest__Output {
  'path': (string);
}
