// Original file: main/process.proto


export interface ReadStreamResponse {
  'data'?: (Buffer | Uint8Array | string);
}

export interface ReadStreamResponse__Output {
  'data': (Buffer);
}
