// Original file: main/sandbox.proto

import type { Long } from '@grpc/proto-loader';

export interface MemHotplugByProbeRequest {
  'memHotplugProbeAddr'?: (number | string | Long)[];
}

export interface MemHotplugByProbeRequest__Output {
  'memHotplugProbeAddr': (string)[];
}
