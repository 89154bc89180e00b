// Original file: skopeo/network.proto

import type { Routes as _grpc_Routes, Routes__Output as _grpc_Routes__Output } from '../grpc/Routes.ts';

export interface UpdateRoutesRequest {
  'routes'?: (_grpc_Routes | null);
}

export interface UpdateRoutesRequest__Output {
  'routes': (_grpc_Routes__Output | null);
}
