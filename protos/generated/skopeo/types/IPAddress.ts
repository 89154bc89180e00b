// Original file: skopeo/types.proto

import type { IPFamily as _types_IPFamily, IPFamily__Output as _types_IPFamily__Output } from '../types/IPFamily.ts';

export interface IPAddress {
  'family'?: (_types_IPFamily);
  'address'?: (string);
  'mask'?: (string);
}

export interface IPAddress__Output {
  'family': (_types_IPFamily__Output);
  'address': (string);
  'mask': (string);
}
