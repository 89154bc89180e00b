// Original file: skopeo/stats.proto

import type { Long } from '@grpc/proto-loader';

export interface NetworkStats {
  'name'?: (string);
  'rxBytes'?: (number | string | Long);
  'rxPackets'?: (number | string | Long);
  'rxErrors'?: (number | string | Long);
  'rxDropped'?: (number | string | Long);
  'txBytes'?: (number | string | Long);
  'txPackets'?: (number | string | Long);
  'txErrors'?: (number | string | Long);
  'txDropped'?: (number | string | Long);
}

export interface NetworkStats__Output {
  'name': (string);
  'rxBytes': (string);
  'rxPackets': (string);
  'rxErrors': (string);
  'rxDropped': (string);
  'txBytes': (string);
  'txPackets': (string);
  'txErrors': (string);
  'txDropped': (string);
}
