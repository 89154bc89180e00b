// Original file: main/sandbox.proto

import type { Storage as _grpc_Storage, Storage__Output as _grpc_Storage__Output } from '../grpc/Storage.ts';
import type { KernelModule as _grpc_KernelModule, KernelModule__Output as _grpc_KernelModule__Output } from '../grpc/KernelModule.ts';

export interface CreateSandboxRequest {
  'hostname'?: (string);
  'dns'?: (string)[];
  'storages'?: (_grpc_Storage)[];
  'sandboxPidns'?: (boolean);
  'sandboxId'?: (string);
  'guestHookPath'?: (string);
  'kernelModules'?: (_grpc_KernelModule)[];
}

export interface CreateSandboxRequest__Output {
  'hostname': (string);
  'dns': (string)[];
  'storages': (_grpc_Storage__Output)[];
  'sandboxPidns': (boolean);
  'sandboxId': (string);
  'guestHookPath': (string);
  'kernelModules': (_grpc_KernelModule__Output)[];
}
