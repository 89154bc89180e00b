// Original file: main/network.proto


export interface GetIPTablesResponse {
  'data'?: (Buffer | Uint8Array | string);
}

export interface GetIPTablesResponse__Output {
  'data': (Buffer);
}
