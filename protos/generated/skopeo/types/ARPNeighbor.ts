// Original file: skopeo/types.proto

import type { IPAddress as _types_IPAddress, IPAddress__Output as _types_IPAddress__Output } from '../types/IPAddress.ts';

export interface ARPNeighbor {
  'toIPAddress'?: (_types_IPAddress | null);
  'device'?: (string);
  'lladdr'?: (string);
  'state'?: (number);
  'flags'?: (number);
}

export interface ARPNeighbor__Output {
  'toIPAddress': (_types_IPAddress__Output | null);
  'device': (string);
  'lladdr': (string);
  'state': (number);
  'flags': (number);
}
