// Original file: skopeo/process.proto


export interface ReadStreamResponse {
  'data'?: (Buffer | Uint8Array | string);
}

export interface ReadStreamResponse__Output {
  'data': (Buffer);
}
