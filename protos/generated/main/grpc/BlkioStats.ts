// Original file: main/stats.proto

import type { BlkioStatsEntry as _grpc_BlkioStatsEntry, BlkioStatsEntry__Output as _grpc_BlkioStatsEntry__Output } from '../grpc/BlkioStatsEntry.ts';

export interface BlkioStats {
  'ioServiceBytesRecursive'?: (_grpc_BlkioStatsEntry)[];
  'ioServicedRecursive'?: (_grpc_BlkioStatsEntry)[];
  'ioQueuedRecursive'?: (_grpc_BlkioStatsEntry)[];
  'ioServiceTimeRecursive'?: (_grpc_BlkioStatsEntry)[];
  'ioWaitTimeRecursive'?: (_grpc_BlkioStatsEntry)[];
  'ioMergedRecursive'?: (_grpc_BlkioStatsEntry)[];
  'ioTimeRecursive'?: (_grpc_BlkioStatsEntry)[];
  'sectorsRecursive'?: (_grpc_BlkioStatsEntry)[];
}

export interface BlkioStats__Output {
  'ioServiceBytesRecursive': (_grpc_BlkioStatsEntry__Output)[];
  'ioServicedRecursive': (_grpc_BlkioStatsEntry__Output)[];
  'ioQueuedRecursive': (_grpc_BlkioStatsEntry__Output)[];
  'ioServiceTimeRecursive': (_grpc_BlkioStatsEntry__Output)[];
  'ioWaitTimeRecursive': (_grpc_BlkioStatsEntry__Output)[];
  'ioMergedRecursive': (_grpc_BlkioStatsEntry__Output)[];
  'ioTimeRecursive': (_grpc_BlkioStatsEntry__Output)[];
  'sectorsRecursive': (_grpc_BlkioStatsEntry__Output)[];
}
