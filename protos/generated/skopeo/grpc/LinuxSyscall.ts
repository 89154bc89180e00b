// Original file: skopeo/oci.proto

import type { LinuxSeccompArg as _grpc_LinuxSeccompArg, LinuxSeccompArg__Output as _grpc_LinuxSeccompArg__Output } from '../grpc/LinuxSeccompArg.ts';

export interface LinuxSyscall {
  'Names'?: (string)[];
  'Action'?: (string);
  'errnoret'?: (number);
  'Args'?: (_grpc_LinuxSeccompArg)[];
  'ErrnoRet'?: "errnoret";
}

export interface LinuxSyscall__Output {
  'Names': (string)[];
  'Action': (string);
  'errnoret'?: (number);
  'Args': (_grpc_LinuxSeccompArg__Output)[];
  'ErrnoRet'?: "errnoret";
}
