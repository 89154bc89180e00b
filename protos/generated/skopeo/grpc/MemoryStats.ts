// Original file: skopeo/stats.proto

import type { MemoryData as _grpc_MemoryData, MemoryData__Output as _grpc_MemoryData__Output } from '../grpc/MemoryData.ts';
import type { Long } from '@grpc/proto-loader';

export interface MemoryStats {
  'cache'?: (number | string | Long);
  'usage'?: (_grpc_MemoryData | null);
  'swapUsage'?: (_grpc_MemoryData | null);
  'kernelUsage'?: (_grpc_MemoryData | null);
  'useHierarchy'?: (boolean);
  'stats'?: ({[key: string]: number | string | Long});
}

export interface MemoryStats__Output {
  'cache': (string);
  'usage': (_grpc_MemoryData__Output | null);
  'swapUsage': (_grpc_MemoryData__Output | null);
  'kernelUsage': (_grpc_MemoryData__Output | null);
  'useHierarchy': (boolean);
  'stats': ({[key: string]: string});
}
