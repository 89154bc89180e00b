// Original file: main/sandbox.proto


export interface AddSwapRequest {
  'PCIPath'?: (number)[];
}

export interface AddSwapRequest__Output {
  'PCIPath': (number)[];
}
