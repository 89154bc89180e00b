// Original file: main/oci.proto

import type { Process as _grpc_Process, Process__Output as _grpc_Process__Output } from '../grpc/Process.ts';
import type { Root as _grpc_Root, Root__Output as _grpc_Root__Output } from '../grpc/Root.ts';
import type { Mount as _grpc_Mount, Mount__Output as _grpc_Mount__Output } from '../grpc/Mount.ts';
import type { Hooks as _grpc_Hooks, Hooks__Output as _grpc_Hooks__Output } from '../grpc/Hooks.ts';
import type { Linux as _grpc_Linux, Linux__Output as _grpc_Linux__Output } from '../grpc/Linux.ts';
import type { Solaris as _grpc_Solaris, Solaris__Output as _grpc_Solaris__Output } from '../grpc/Solaris.ts';
import type { Windows as _grpc_Windows, Windows__Output as _grpc_Windows__Output } from '../grpc/Windows.ts';

export interface Spec {
  'Version'?: (string);
  'Process'?: (_grpc_Process | null);
  'Root'?: (_grpc_Root | null);
  'Hostname'?: (string);
  'Mounts'?: (_grpc_Mount)[];
  'Hooks'?: (_grpc_Hooks | null);
  'Annotations'?: ({[key: string]: string});
  'Linux'?: (_grpc_Linux | null);
  'Solaris'?: (_grpc_Solaris | null);
  'Windows'?: (_grpc_Windows | null);
}

export interface Spec__Output {
  'Version': (string);
  'Process': (_grpc_Process__Output | null);
  'Root': (_grpc_Root__Output | null);
  'Hostname': (string);
  'Mounts': (_grpc_Mount__Output)[];
  'Hooks': (_grpc_Hooks__Output | null);
  'Annotations': ({[key: string]: string});
  'Linux': (_grpc_Linux__Output | null);
  'Solaris': (_grpc_Solaris__Output | null);
  'Windows': (_grpc_Windows__Output | null);
}
