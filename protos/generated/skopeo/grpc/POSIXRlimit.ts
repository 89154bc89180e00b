// Original file: skopeo/oci.proto

import type { Long } from '@grpc/proto-loader';

export interface POSIXRlimit {
  'Type'?: (string);
  'Hard'?: (number | string | Long);
  'Soft'?: (number | string | Long);
}

export interface POSIXRlimit__Output {
  'Type': (string);
  'Hard': (string);
  'Soft': (string);
}
