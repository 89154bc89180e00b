// Original file: skopeo/stats.proto

import type { Long } from '@grpc/proto-loader';

export interface CpuUsage {
  'totalUsage'?: (number | string | Long);
  'percpuUsage'?: (number | string | Long)[];
  'usageInKernelmode'?: (number | string | Long);
  'usageInUsermode'?: (number | string | Long);
}

export interface CpuUsage__Output {
  'totalUsage': (string);
  'percpuUsage': (string)[];
  'usageInKernelmode': (string);
  'usageInUsermode': (string);
}
