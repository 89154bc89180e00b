// Original file: skopeo/sandbox.proto


export interface ReseedRandomDevRequest {
  'data'?: (Buffer | Uint8Array | string);
}

export interface ReseedRandomDevRequest__Output {
  'data': (Buffer);
}
