// Original file: main/network.proto


export interface SetIPTablesResponse {
  'data'?: (Buffer | Uint8Array | string);
}

export interface SetIPTablesResponse__Output {
  'data': (Buffer);
}
