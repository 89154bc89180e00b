// Original file: main/types.proto

import type { IPFamily as _types_IPFamily, IPFamily__Output as _types_IPFamily__Output } from '../types/IPFamily.ts';

export interface Route {
  'dest'?: (string);
  'gateway'?: (string);
  'device'?: (string);
  'source'?: (string);
  'scope'?: (number);
  'family'?: (_types_IPFamily);
  'flags'?: (number);
  'mtu'?: (number);
}

export interface Route__Output {
  'dest': (string);
  'gateway': (string);
  'device': (string);
  'source': (string);
  'scope': (number);
  'family': (_types_IPFamily__Output);
  'flags': (number);
  'mtu': (number);
}
