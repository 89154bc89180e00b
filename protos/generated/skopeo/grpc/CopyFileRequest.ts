// Original file: skopeo/sandbox.proto

import type { Long } from '@grpc/proto-loader';

export interface CopyFileRequest {
  'path'?: (string);
  'fileSize'?: (number | string | Long);
  'fileMode'?: (number);
  'dirMode'?: (number);
  'uid'?: (number);
  'gid'?: (number);
  'offset'?: (number | string | Long);
  'data'?: (Buffer | Uint8Array | string);
}

export interface CopyFileRequest__Output {
  'path': (string);
  'fileSize': (string);
  'fileMode': (number);
  'dirMode': (number);
  'uid': (number);
  'gid': (number);
  'offset': (string);
  'data': (Buffer);
}
