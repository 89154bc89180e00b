// Original file: skopeo/oci.proto

import type { Long } from '@grpc/proto-loader';

export interface LinuxThrottleDevice {
  'Major'?: (number | string | Long);
  'Minor'?: (number | string | Long);
  'Rate'?: (number | string | Long);
}

export interface LinuxThrottleDevice__Output {
  'Major': (string);
  'Minor': (string);
  'Rate': (string);
}
