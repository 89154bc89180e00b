// Original file: skopeo/oci.proto

import type { Hook as _grpc_Hook, Hook__Output as _grpc_Hook__Output } from '../grpc/Hook.ts';

export interface Hooks {
  'Prestart'?: (_grpc_Hook)[];
  'Poststart'?: (_grpc_Hook)[];
  'Poststop'?: (_grpc_Hook)[];
}

export interface Hooks__Output {
  'Prestart': (_grpc_Hook__Output)[];
  'Poststart': (_grpc_Hook__Output)[];
  'Poststop': (_grpc_Hook__Output)[];
}
