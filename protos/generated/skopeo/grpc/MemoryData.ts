// Original file: skopeo/stats.proto

import type { Long } from '@grpc/proto-loader';

export interface MemoryData {
  'usage'?: (number | string | Long);
  'maxUsage'?: (number | string | Long);
  'failcnt'?: (number | string | Long);
  'limit'?: (number | string | Long);
}

export interface MemoryData__Output {
  'usage': (string);
  'maxUsage': (string);
  'failcnt': (string);
  'limit': (string);
}
