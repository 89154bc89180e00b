// Original file: skopeo/oci.proto

import type { Long } from '@grpc/proto-loader';

export interface LinuxPids {
  'Limit'?: (number | string | Long);
}

export interface LinuxPids__Output {
  'Limit': (string);
}
