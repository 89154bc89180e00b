// Original file: skopeo/oci.proto

import type { Long } from '@grpc/proto-loader';

export interface LinuxCPU {
  'Shares'?: (number | string | Long);
  'Quota'?: (number | string | Long);
  'Period'?: (number | string | Long);
  'RealtimeRuntime'?: (number | string | Long);
  'RealtimePeriod'?: (number | string | Long);
  'Cpus'?: (string);
  'Mems'?: (string);
}

export interface LinuxCPU__Output {
  'Shares': (string);
  'Quota': (string);
  'Period': (string);
  'RealtimeRuntime': (string);
  'RealtimePeriod': (string);
  'Cpus': (string);
  'Mems': (string);
}
