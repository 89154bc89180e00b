// Original file: skopeo/stats.proto

import type { CpuStats as _grpc_CpuStats, CpuStats__Output as _grpc_CpuStats__Output } from '../grpc/CpuStats.ts';
import type { MemoryStats as _grpc_MemoryStats, MemoryStats__Output as _grpc_MemoryStats__Output } from '../grpc/MemoryStats.ts';
import type { PidsStats as _grpc_PidsStats, PidsStats__Output as _grpc_PidsStats__Output } from '../grpc/PidsStats.ts';
import type { BlkioStats as _grpc_BlkioStats, BlkioStats__Output as _grpc_BlkioStats__Output } from '../grpc/BlkioStats.ts';
import type { HugetlbStats as _grpc_HugetlbStats, HugetlbStats__Output as _grpc_HugetlbStats__Output } from '../grpc/HugetlbStats.ts';

export interface CgroupStats {
  'cpuStats'?: (_grpc_CpuStats | null);
  'memoryStats'?: (_grpc_MemoryStats | null);
  'pidsStats'?: (_grpc_PidsStats | null);
  'blkioStats'?: (_grpc_BlkioStats | null);
  'hugetlbStats'?: ({[key: string]: _grpc_HugetlbStats});
}

export interface CgroupStats__Output {
  'cpuStats': (_grpc_CpuStats__Output | null);
  'memoryStats': (_grpc_MemoryStats__Output | null);
  'pidsStats': (_grpc_PidsStats__Output | null);
  'blkioStats': (_grpc_BlkioStats__Output | null);
  'hugetlbStats': ({[key: string]: _grpc_HugetlbStats__Output});
}
