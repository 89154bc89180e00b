// Original file: skopeo/network.proto

import type { ARPNeighbor as _types_ARPNeighbor, ARPNeighbor__Output as _types_ARPNeighbor__Output } from '../types/ARPNeighbor.ts';

export interface ARPNeighbors {
  'ARPNeighbors'?: (_types_ARPNeighbor)[];
}

export interface ARPNeighbors__Output {
  'ARPNeighbors': (_types_ARPNeighbor__Output)[];
}
