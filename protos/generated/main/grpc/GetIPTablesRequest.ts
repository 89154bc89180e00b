// Original file: main/network.proto


export interface GetIPTablesRequest {
  'isIpv6'?: (boolean);
}

export interface GetIPTablesRequest__Output {
  'isIpv6': (boolean);
}
