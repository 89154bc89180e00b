// Original file: main/types.proto

import type { IPAddress as _types_IPAddress, IPAddress__Output as _types_IPAddress__Output } from '../types/IPAddress.ts';
import type { Long } from '@grpc/proto-loader';

export interface Interface {
  'device'?: (string);
  'name'?: (string);
  'IPAddresses'?: (_types_IPAddress)[];
  'mtu'?: (number | string | Long);
  'hwAddr'?: (string);
  'devicePath'?: (string);
  'type'?: (string);
  'rawFlags'?: (number);
}

export interface Interface__Output {
  'device': (string);
  'name': (string);
  'IPAddresses': (_types_IPAddress__Output)[];
  'mtu': (string);
  'hwAddr': (string);
  'devicePath': (string);
  'type': (string);
  'rawFlags': (number);
}
