// Original file: main/oci.proto

import type { Long } from '@grpc/proto-loader';

export interface LinuxSeccompArg {
  'Index'?: (number | string | Long);
  'Value'?: (number | string | Long);
  'ValueTwo'?: (number | string | Long);
  'Op'?: (string);
}

export interface LinuxSeccompArg__Output {
  'Index': (string);
  'Value': (string);
  'ValueTwo': (string);
  'Op': (string);
}
