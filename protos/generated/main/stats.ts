import type * as grpc from '@grpc/grpc-js';
import type { MessageTypeDefinition } from '@grpc/proto-loader';

import type { BlkioStats as _grpc_BlkioStats, BlkioStats__Output as _grpc_BlkioStats__Output } from './grpc/BlkioStats.ts';
import type { BlkioStatsEntry as _grpc_BlkioStatsEntry, BlkioStatsEntry__Output as _grpc_BlkioStatsEntry__Output } from './grpc/BlkioStatsEntry.ts';
import type { CgroupStats as _grpc_CgroupStats, CgroupStats__Output as _grpc_CgroupStats__Output } from './grpc/CgroupStats.ts';
import type { CpuStats as _grpc_CpuStats, CpuStats__Output as _grpc_CpuStats__Output } from './grpc/CpuStats.ts';
import type { CpuUsage as _grpc_CpuUsage, CpuUsage__Output as _grpc_CpuUsage__Output } from './grpc/CpuUsage.ts';
import type { GetMetricsRequest as _grpc_GetMetricsRequest, GetMetricsRequest__Output as _grpc_GetMetricsRequest__Output } from './grpc/GetMetricsRequest.ts';
import type { HugetlbStats as _grpc_HugetlbStats, HugetlbStats__Output as _grpc_HugetlbStats__Output } from './grpc/HugetlbStats.ts';
import type { MemoryData as _grpc_MemoryData, MemoryData__Output as _grpc_MemoryData__Output } from './grpc/MemoryData.ts';
import type { MemoryStats as _grpc_MemoryStats, MemoryStats__Output as _grpc_MemoryStats__Output } from './grpc/MemoryStats.ts';
import type { Metrics as _grpc_Metrics, Metrics__Output as _grpc_Metrics__Output } from './grpc/Metrics.ts';
import type { NetworkStats as _grpc_NetworkStats, NetworkStats__Output as _grpc_NetworkStats__Output } from './grpc/NetworkStats.ts';
import type { PidsStats as _grpc_PidsStats, PidsStats__Output as _grpc_PidsStats__Output } from './grpc/PidsStats.ts';
import type { StatsContainerRequest as _grpc_StatsContainerRequest, StatsContainerRequest__Output as _grpc_StatsContainerRequest__Output } from './grpc/StatsContainerRequest.ts';
import type { StatsContainerResponse as _grpc_StatsContainerResponse, StatsContainerResponse__Output as _grpc_StatsContainerResponse__Output } from './grpc/StatsContainerResponse.ts';
import type { ThrottlingData as _grpc_ThrottlingData, ThrottlingData__Output as _grpc_ThrottlingData__Output } from './grpc/ThrottlingData.ts';

type SubtypeConstructor<Constructor extends new (...args: any) => any, Subtype> = {
  new(...args: ConstructorParameters<Constructor>): Subtype;
};

export interface ProtoGrpcType {
  grpc: {
    BlkioStats: MessageTypeDefinition<_grpc_BlkioStats, _grpc_BlkioStats__Output>
    BlkioStatsEntry: MessageTypeDefinition<_grpc_BlkioStatsEntry, _grpc_BlkioStatsEntry__Output>
    CgroupStats: MessageTypeDefinition<_grpc_CgroupStats, _grpc_CgroupStats__Output>
    CpuStats: MessageTypeDefinition<_grpc_CpuStats, _grpc_CpuStats__Output>
    CpuUsage: MessageTypeDefinition<_grpc_CpuUsage, _grpc_CpuUsage__Output>
    GetMetricsRequest: MessageTypeDefinition<_grpc_GetMetricsRequest, _grpc_GetMetricsRequest__Output>
    HugetlbStats: MessageTypeDefinition<_grpc_HugetlbStats, _grpc_HugetlbStats__Output>
    MemoryData: MessageTypeDefinition<_grpc_MemoryData, _grpc_MemoryData__Output>
    MemoryStats: MessageTypeDefinition<_grpc_MemoryStats, _grpc_MemoryStats__Output>
    Metrics: MessageTypeDefinition<_grpc_Metrics, _grpc_Metrics__Output>
    NetworkStats: MessageTypeDefinition<_grpc_NetworkStats, _grpc_NetworkStats__Output>
    PidsStats: MessageTypeDefinition<_grpc_PidsStats, _grpc_PidsStats__Output>
    StatsContainerRequest: MessageTypeDefinition<_grpc_StatsContainerRequest, _grpc_StatsContainerRequest__Output>
    StatsContainerResponse: MessageTypeDefinition<_grpc_StatsContainerResponse, _grpc_StatsContainerResponse__Output>
    ThrottlingData: MessageTypeDefinition<_grpc_ThrottlingData, _grpc_ThrottlingData__Output>
  }
}

