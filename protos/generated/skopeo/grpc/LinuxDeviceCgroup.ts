// Original file: skopeo/oci.proto

import type { Long } from '@grpc/proto-loader';

export interface LinuxDeviceCgroup {
  'Allow'?: (boolean);
  'Type'?: (string);
  'Major'?: (number | string | Long);
  'Minor'?: (number | string | Long);
  'Access'?: (string);
}

export interface LinuxDeviceCgroup__Output {
  'Allow': (boolean);
  'Type': (string);
  'Major': (string);
  'Minor': (string);
  'Access': (string);
}
