// Original file: main/container.proto

import type { LinuxResources as _grpc_LinuxResources, LinuxResources__Output as _grpc_LinuxResources__Output } from '../grpc/LinuxResources.ts';

export interface UpdateContainerRequest {
  'containerId'?: (string);
  'resources'?: (_grpc_LinuxResources | null);
}

export interface UpdateContainerRequest__Output {
  'containerId': (string);
  'resources': (_grpc_LinuxResources__Output | null);
}
