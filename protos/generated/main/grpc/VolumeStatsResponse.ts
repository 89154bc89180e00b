// Original file: main/sandbox.proto

import type { VolumeUsage as _grpc_VolumeUsage, VolumeUsage__Output as _grpc_VolumeUsage__Output } from '../grpc/VolumeUsage.ts';
import type { VolumeCondition as _grpc_VolumeCondition, VolumeCondition__Output as _grpc_VolumeCondition__Output } from '../grpc/VolumeCondition.ts';

export interface VolumeStatsResponse {
  'usage'?: (_grpc_VolumeUsage)[];
  'volumeCondition'?: (_grpc_VolumeCondition | null);
}

export interface VolumeStatsResponse__Output {
  'usage': (_grpc_VolumeUsage__Output)[];
  'volumeCondition': (_grpc_VolumeCondition__Output | null);
}
