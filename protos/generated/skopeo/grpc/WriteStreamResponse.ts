// Original file: skopeo/process.proto


export interface WriteStreamResponse {
  'len'?: (number);
}

export interface WriteStreamResponse__Output {
  'len': (number);
}
