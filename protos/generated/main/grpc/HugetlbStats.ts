// Original file: main/stats.proto

import type { Long } from '@grpc/proto-loader';

export interface HugetlbStats {
  'usage'?: (number | string | Long);
  'maxUsage'?: (number | string | Long);
  'failcnt'?: (number | string | Long);
}

export interface HugetlbStats__Output {
  'usage': (string);
  'maxUsage': (string);
  'failcnt': (string);
}
