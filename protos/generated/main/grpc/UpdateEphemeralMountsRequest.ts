// Original file: main/container.proto

import type { Storage as _grpc_Storage, Storage__Output as _grpc_Storage__Output } from '../grpc/Storage.ts';

export interface UpdateEphemeralMountsRequest {
  'storages'?: (_grpc_Storage)[];
}

export interface UpdateEphemeralMountsRequest__Output {
  'storages': (_grpc_Storage__Output)[];
}
