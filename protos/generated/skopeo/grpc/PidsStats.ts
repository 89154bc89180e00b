// Original file: skopeo/stats.proto

import type { Long } from '@grpc/proto-loader';

export interface PidsStats {
  'current'?: (number | string | Long);
  'limit'?: (number | string | Long);
}

export interface PidsStats__Output {
  'current': (string);
  'limit': (string);
}
