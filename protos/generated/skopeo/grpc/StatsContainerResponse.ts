// Original file: skopeo/stats.proto

import type { CgroupStats as _grpc_CgroupStats, CgroupStats__Output as _grpc_CgroupStats__Output } from '../grpc/CgroupStats.ts';
import type { NetworkStats as _grpc_NetworkStats, NetworkStats__Output as _grpc_NetworkStats__Output } from '../grpc/NetworkStats.ts';

export interface StatsContainerResponse {
  'cgroupStats'?: (_grpc_CgroupStats | null);
  'networkStats'?: (_grpc_NetworkStats)[];
}

export interface StatsContainerResponse__Output {
  'cgroupStats': (_grpc_CgroupStats__Output | null);
  'networkStats': (_grpc_NetworkStats__Output)[];
}
