// Original file: main/process.proto

import type { StringUser as _grpc_StringUser, StringUser__Output as _grpc_StringUser__Output } from '../grpc/StringUser.ts';
import type { Process as _grpc_Process, Process__Output as _grpc_Process__Output } from '../grpc/Process.ts';

export interface ExecProcessRequest {
  'containerId'?: (string);
  'execId'?: (string);
  'stringUser'?: (_grpc_StringUser | null);
  'process'?: (_grpc_Process | null);
  'stdinPort'?: (number);
  'stdoutPort'?: (number);
  'stderrPort'?: (number);
}

export interface ExecProcessRequest__Output {
  'containerId': (string);
  'execId': (string);
  'stringUser': (_grpc_StringUser__Output | null);
  'process': (_grpc_Process__Output | null);
  'stdinPort': (number);
  'stdoutPort': (number);
  'stderrPort': (number);
}
