// Original file: skopeo/stats.proto

import type { CpuUsage as _grpc_CpuUsage, CpuUsage__Output as _grpc_CpuUsage__Output } from '../grpc/CpuUsage.ts';
import type { ThrottlingData as _grpc_ThrottlingData, ThrottlingData__Output as _grpc_ThrottlingData__Output } from '../grpc/ThrottlingData.ts';

export interface CpuStats {
  'cpuUsage'?: (_grpc_CpuUsage | null);
  'throttlingData'?: (_grpc_ThrottlingData | null);
}

export interface CpuStats__Output {
  'cpuUsage': (_grpc_CpuUsage__Output | null);
  'throttlingData': (_grpc_ThrottlingData__Output | null);
}
