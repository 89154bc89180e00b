// Original file: main/network.proto


export interface SetIPTablesRequest {
  'isIpv6'?: (boolean);
  'data'?: (Buffer | Uint8Array | string);
}

export interface SetIPTablesRequest__Output {
  'isIpv6': (boolean);
  'data': (Buffer);
}
