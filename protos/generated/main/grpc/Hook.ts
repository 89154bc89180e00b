// Original file: main/oci.proto

import type { Long } from '@grpc/proto-loader';

export interface Hook {
  'Path'?: (string);
  'Args'?: (string)[];
  'Env'?: (string)[];
  'Timeout'?: (number | string | Long);
}

export interface Hook__Output {
  'Path': (string);
  'Args': (string)[];
  'Env': (string)[];
  'Timeout': (string);
}
