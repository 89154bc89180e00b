// Original file: main/container.proto

import type { FSGroupChangePolicy as _types_FSGroupChangePolicy, FSGroupChangePolicy__Output as _types_FSGroupChangePolicy__Output } from '../types/FSGroupChangePolicy.ts';

export interface FSGroup {
  'groupId'?: (number);
  'groupChangePolicy'?: (_types_FSGroupChangePolicy);
}

export interface FSGroup__Output {
  'groupId': (number);
  'groupChangePolicy': (_types_FSGroupChangePolicy__Output);
}
