// Original file: main/oci.proto

import type { LinuxSyscall as _grpc_LinuxSyscall, LinuxSyscall__Output as _grpc_LinuxSyscall__Output } from '../grpc/LinuxSyscall.ts';

export interface LinuxSeccomp {
  'DefaultAction'?: (string);
  'Architectures'?: (string)[];
  'Flags'?: (string)[];
  'Syscalls'?: (_grpc_LinuxSyscall)[];
}

export interface LinuxSeccomp__Output {
  'DefaultAction': (string);
  'Architectures': (string)[];
  'Flags': (string)[];
  'Syscalls': (_grpc_LinuxSyscall__Output)[];
}
