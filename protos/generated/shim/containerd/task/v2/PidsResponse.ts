// Original file: shim/task.proto

import type { ProcessInfo as _containerd_task_v2_ProcessInfo, ProcessInfo__Output as _containerd_task_v2_ProcessInfo__Output } from '../../../containerd/task/v2/ProcessInfo.ts';

export interface PidsResponse {
  'processes'?: (_containerd_task_v2_ProcessInfo)[];
}

export interface PidsResponse__Output {
  'processes': (_containerd_task_v2_ProcessInfo__Output)[];
}
