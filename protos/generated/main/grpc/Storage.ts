// Original file: main/container.proto

import type { FSGroup as _grpc_FSGroup, FSGroup__Output as _grpc_FSGroup__Output } from '../grpc/FSGroup.ts';

export interface Storage {
  'driver'?: (string);
  'driverOptions'?: (string)[];
  'source'?: (string);
  'fstype'?: (string);
  'options'?: (string)[];
  'mountPoint'?: (string);
  'fsGroup'?: (_grpc_FSGroup | null);
  'shared'?: (boolean);
}

export interface Storage__Output {
  'driver': (string);
  'driverOptions': (string)[];
  'source': (string);
  'fstype': (string);
  'options': (string)[];
  'mountPoint': (string);
  'fsGroup': (_grpc_FSGroup__Output | null);
  'shared': (boolean);
}
