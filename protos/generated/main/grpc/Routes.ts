// Original file: main/network.proto

import type { Route as _types_Route, Route__Output as _types_Route__Output } from '../types/Route.ts';

export interface Routes {
  'Routes'?: (_types_Route)[];
}

export interface Routes__Output {
  'Routes': (_types_Route__Output)[];
}
