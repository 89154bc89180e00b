// Original file: main/network.proto

import type { Interface as _types_Interface, Interface__Output as _types_Interface__Output } from '../types/Interface.ts';

export interface UpdateInterfaceRequest {
  'interface'?: (_types_Interface | null);
}

export interface UpdateInterfaceRequest__Output {
  'interface': (_types_Interface__Output | null);
}
