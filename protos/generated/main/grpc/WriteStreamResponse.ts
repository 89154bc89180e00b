// Original file: main/process.proto


export interface WriteStreamResponse {
  'len'?: (number);
}

export interface WriteStreamResponse__Output {
  'len': (number);
}
