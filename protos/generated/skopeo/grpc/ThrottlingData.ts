// Original file: skopeo/stats.proto

import type { Long } from '@grpc/proto-loader';

export interface ThrottlingData {
  'periods'?: (number | string | Long);
  'throttledPeriods'?: (number | string | Long);
  'throttledTime'?: (number | string | Long);
}

export interface ThrottlingData__Output {
  'periods': (string);
  'throttledPeriods': (string);
  'throttledTime': (string);
}
