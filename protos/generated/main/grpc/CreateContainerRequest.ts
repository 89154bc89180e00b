// Original file: main/container.proto

import type { StringUser as _grpc_StringUser, StringUser__Output as _grpc_StringUser__Output } from '../grpc/StringUser.ts';
import type { Device as _grpc_Device, Device__Output as _grpc_Device__Output } from '../grpc/Device.ts';
import type { Storage as _grpc_Storage, Storage__Output as _grpc_Storage__Output } from '../grpc/Storage.ts';
import type { Spec as _grpc_Spec, Spec__Output as _grpc_Spec__Output } from '../grpc/Spec.ts';
import type { SharedMount as _grpc_SharedMount, SharedMount__Output as _grpc_SharedMount__Output } from '../grpc/SharedMount.ts';

export interface CreateContainerRequest {
  'containerId'?: (string);
  'execId'?: (string);
  'stringUser'?: (_grpc_StringUser | null);
  'devices'?: (_grpc_Device)[];
  'storages'?: (_grpc_Storage)[];
  'OCI'?: (_grpc_Spec | null);
  'sandboxPidns'?: (boolean);
  'sharedMounts'?: (_grpc_SharedMount)[];
  'stdinPort'?: (number);
  'stdoutPort'?: (number);
  'stderrPort'?: (number);
}

export interface CreateContainerRequest__Output {
  'containerId': (string);
  'execId': (string);
  'stringUser': (_grpc_StringUser__Output | null);
  'devices': (_grpc_Device__Output)[];
  'storages': (_grpc_Storage__Output)[];
  'OCI': (_grpc_Spec__Output | null);
  'sandboxPidns': (boolean);
  'sharedMounts': (_grpc_SharedMount__Output)[];
  'stdinPort': (number);
  'stdoutPort': (number);
  'stderrPort': (number);
}
