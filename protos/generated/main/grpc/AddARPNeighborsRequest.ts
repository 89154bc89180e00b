// Original file: main/network.proto

import type { ARPNeighbors as _grpc_ARPNeighbors, ARPNeighbors__Output as _grpc_ARPNeighbors__Output } from '../grpc/ARPNeighbors.ts';

export interface AddARPNeighborsRequest {
  'neighbors'?: (_grpc_ARPNeighbors | null);
}

export interface AddARPNeighborsRequest__Output {
  'neighbors': (_grpc_ARPNeighbors__Output | null);
}
