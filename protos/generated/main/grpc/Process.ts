// Original file: main/oci.proto

import type { Box as _grpc_Box, Box__Output as _grpc_Box__Output } from '../grpc/Box.ts';
import type { User as _grpc_User, User__Output as _grpc_User__Output } from '../grpc/User.ts';
import type { LinuxCapabilities as _grpc_LinuxCapabilities, LinuxCapabilities__Output as _grpc_LinuxCapabilities__Output } from '../grpc/LinuxCapabilities.ts';
import type { POSIXRlimit as _grpc_POSIXRlimit, POSIXRlimit__Output as _grpc_POSIXRlimit__Output } from '../grpc/POSIXRlimit.ts';
import type { Long } from '@grpc/proto-loader';

export interface Process {
  'Terminal'?: (boolean);
  'ConsoleSize'?: (_grpc_Box | null);
  'User'?: (_grpc_User | null);
  'Args'?: (string)[];
  'Env'?: (string)[];
  'Cwd'?: (string);
  'Capabilities'?: (_grpc_LinuxCapabilities | null);
  'Rlimits'?: (_grpc_POSIXRlimit)[];
  'NoNewPrivileges'?: (boolean);
  'ApparmorProfile'?: (string);
  'OOMScoreAdj'?: (number | string | Long);
  'SelinuxLabel'?: (string);
}

export interface Process__Output {
  'Terminal': (boolean);
  'ConsoleSize': (_grpc_Box__Output | null);
  'User': (_grpc_User__Output | null);
  'Args': (string)[];
  'Env': (string)[];
  'Cwd': (string);
  'Capabilities': (_grpc_LinuxCapabilities__Output | null);
  'Rlimits': (_grpc_POSIXRlimit__Output)[];
  'NoNewPrivileges': (boolean);
  'ApparmorProfile': (string);
  'OOMScoreAdj': (string);
  'SelinuxLabel': (string);
}
