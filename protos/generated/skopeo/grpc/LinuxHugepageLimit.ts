// Original file: skopeo/oci.proto

import type { Long } from '@grpc/proto-loader';

export interface LinuxHugepageLimit {
  'Pagesize'?: (string);
  'Limit'?: (number | string | Long);
}

export interface LinuxHugepageLimit__Output {
  'Pagesize': (string);
  'Limit': (string);
}
