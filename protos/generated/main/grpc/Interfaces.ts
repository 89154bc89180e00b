// Original file: main/network.proto

import type { Interface as _types_Interface, Interface__Output as _types_Interface__Output } from '../types/Interface.ts';

export interface Interfaces {
  'Interfaces'?: (_types_Interface)[];
}

export interface Interfaces__Output {
  'Interfaces': (_types_Interface__Output)[];
}
