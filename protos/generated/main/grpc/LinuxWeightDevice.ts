// Original file: main/oci.proto

import type { Long } from '@grpc/proto-loader';

export interface LinuxWeightDevice {
  'Major'?: (number | string | Long);
  'Minor'?: (number | string | Long);
  'Weight'?: (number);
  'LeafWeight'?: (number);
}

export interface LinuxWeightDevice__Output {
  'Major': (string);
  'Minor': (string);
  'Weight': (number);
  'LeafWeight': (number);
}
