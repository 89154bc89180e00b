// Original file: skopeo/oci.proto

import type { Long } from '@grpc/proto-loader';

export interface LinuxMemory {
  'Limit'?: (number | string | Long);
  'Reservation'?: (number | string | Long);
  'Swap'?: (number | string | Long);
  'Kernel'?: (number | string | Long);
  'KernelTCP'?: (number | string | Long);
  'Swappiness'?: (number | string | Long);
  'DisableOOMKiller'?: (boolean);
}

export interface LinuxMemory__Output {
  'Limit': (string);
  'Reservation': (string);
  'Swap': (string);
  'Kernel': (string);
  'KernelTCP': (string);
  'Swappiness': (string);
  'DisableOOMKiller': (boolean);
}
