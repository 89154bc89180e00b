// Original file: main/oci.proto

import type { Long } from '@grpc/proto-loader';

export interface LinuxDevice {
  'Path'?: (string);
  'Type'?: (string);
  'Major'?: (number | string | Long);
  'Minor'?: (number | string | Long);
  'FileMode'?: (number);
  'UID'?: (number);
  'GID'?: (number);
}

export interface LinuxDevice__Output {
  'Path': (string);
  'Type': (string);
  'Major': (string);
  'Minor': (string);
  'FileMode': (number);
  'UID': (number);
  'GID': (number);
}
