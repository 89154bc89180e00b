// Original file: cri/runtime.proto

import type { Long } from '@grpc/proto-loader';

export interface LinuxContainerResources {
  'memoryLimitInBytes'?: (number | string | Long);
}

export interface LinuxContainerResources__Output {
  'memoryLimitInBytes': (string);
}
