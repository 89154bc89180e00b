// Original file: skopeo/sandbox.proto

import type { Long } from '@grpc/proto-loader';

export interface SetGuestDateTimeRequest {
  'Sec'?: (number | string | Long);
  'Usec'?: (number | string | Long);
}

export interface SetGuestDateTimeRequest__Output {
  'Sec': (string);
  'Usec': (string);
}
