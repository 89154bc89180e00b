// Original file: main/sandbox.proto


export interface GuestDetailsRequest {
  'memBlockSize'?: (boolean);
  'memHotplugProbe'?: (boolean);
}

export interface GuestDetailsRequest__Output {
  'memBlockSize': (boolean);
  'memHotplugProbe': (boolean);
}
