// Original file: skopeo/oci.proto

import type { LinuxDeviceCgroup as _grpc_LinuxDeviceCgroup, LinuxDeviceCgroup__Output as _grpc_LinuxDeviceCgroup__Output } from '../grpc/LinuxDeviceCgroup.ts';
import type { LinuxMemory as _grpc_LinuxMemory, LinuxMemory__Output as _grpc_LinuxMemory__Output } from '../grpc/LinuxMemory.ts';
import type { LinuxCPU as _grpc_LinuxCPU, LinuxCPU__Output as _grpc_LinuxCPU__Output } from '../grpc/LinuxCPU.ts';
import type { LinuxPids as _grpc_LinuxPids, LinuxPids__Output as _grpc_LinuxPids__Output } from '../grpc/LinuxPids.ts';
import type { LinuxBlockIO as _grpc_LinuxBlockIO, LinuxBlockIO__Output as _grpc_LinuxBlockIO__Output } from '../grpc/LinuxBlockIO.ts';
import type { LinuxHugepageLimit as _grpc_LinuxHugepageLimit, LinuxHugepageLimit__Output as _grpc_LinuxHugepageLimit__Output } from '../grpc/LinuxHugepageLimit.ts';
import type { LinuxNetwork as _grpc_LinuxNetwork, LinuxNetwork__Output as _grpc_LinuxNetwork__Output } from '../grpc/LinuxNetwork.ts';

export interface LinuxResources {
  'Devices'?: (_grpc_LinuxDeviceCgroup)[];
  'Memory'?: (_grpc_LinuxMemory | null);
  'CPU'?: (_grpc_LinuxCPU | null);
  'Pids'?: (_grpc_LinuxPids | null);
  'BlockIO'?: (_grpc_LinuxBlockIO | null);
  'HugepageLimits'?: (_grpc_LinuxHugepageLimit)[];
  'Network'?: (_grpc_LinuxNetwork | null);
}

export interface LinuxResources__Output {
  'Devices': (_grpc_LinuxDeviceCgroup__Output)[];
  'Memory': (_grpc_LinuxMemory__Output | null);
  'CPU': (_grpc_LinuxCPU__Output | null);
  'Pids': (_grpc_LinuxPids__Output | null);
  'BlockIO': (_grpc_LinuxBlockIO__Output | null);
  'HugepageLimits': (_grpc_LinuxHugepageLimit__Output)[];
  'Network': (_grpc_LinuxNetwork__Output | null);
}
