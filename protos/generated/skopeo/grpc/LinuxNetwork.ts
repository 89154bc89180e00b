// Original file: skopeo/oci.proto

import type { LinuxInterfacePriority as _grpc_LinuxInterfacePriority, LinuxInterfacePriority__Output as _grpc_LinuxInterfacePriority__Output } from '../grpc/LinuxInterfacePriority.ts';

export interface LinuxNetwork {
  'ClassID'?: (number);
  'Priorities'?: (_grpc_LinuxInterfacePriority)[];
}

export interface LinuxNetwork__Output {
  'ClassID': (number);
  'Priorities': (_grpc_LinuxInterfacePriority__Output)[];
}
