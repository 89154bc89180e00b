// Original file: main/sandbox.proto

import type { Long } from '@grpc/proto-loader';

export interface ResizeVolumeRequest {
  'volumeGuestPath'?: (string);
  'size'?: (number | string | Long);
}

export interface ResizeVolumeRequest__Output {
  'volumeGuestPath': (string);
  'size': (string);
}
