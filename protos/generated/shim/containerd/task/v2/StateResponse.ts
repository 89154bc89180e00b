// Original file: shim/task.proto

import type { Status as _containerd_task_v2_Status, Status__Output as _containerd_task_v2_Status__Output } from '../../../containerd/task/v2/Status.ts';
import type { Timestamp as _google_protobuf_Timestamp, Timestamp__Output as _google_protobuf_Timestamp__Output } from '../../../google/protobuf/Timestamp.ts';

export interface StateResponse {
  'id'?: (string);
  'bundle'?: (string);
  'pid'?: (number);
  'status'?: (_containerd_task_v2_Status);
  'stdin'?: (string);
  'stdout'?: (string);
  'stderr'?: (string);
  'terminal'?: (boolean);
  'exitStatus'?: (number);
  'exitedAt'?: (_google_protobuf_Timestamp | null);
  'execId'?: (string);
}

export interface StateResponse__Output {
  'id': (string);
  'bundle': (string);
  'pid': (number);
  'status': (_containerd_task_v2_Status__Output);
  'stdin': (string);
  'stdout': (string);
  'stderr': (string);
  'terminal': (boolean);
  'exitStatus': (number);
  'exitedAt': (_google_protobuf_Timestamp__Output | null);
  'execId': (string);
}
