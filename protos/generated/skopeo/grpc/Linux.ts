// Original file: skopeo/oci.proto

import type { LinuxIDMapping as _grpc_LinuxIDMapping, LinuxIDMapping__Output as _grpc_LinuxIDMapping__Output } from '../grpc/LinuxIDMapping.ts';
import type { LinuxResources as _grpc_LinuxResources, LinuxResources__Output as _grpc_LinuxResources__Output } from '../grpc/LinuxResources.ts';
import type { LinuxNamespace as _grpc_LinuxNamespace, LinuxNamespace__Output as _grpc_LinuxNamespace__Output } from '../grpc/LinuxNamespace.ts';
import type { LinuxDevice as _grpc_LinuxDevice, LinuxDevice__Output as _grpc_LinuxDevice__Output } from '../grpc/LinuxDevice.ts';
import type { LinuxSeccomp as _grpc_LinuxSeccomp, LinuxSeccomp__Output as _grpc_LinuxSeccomp__Output } from '../grpc/LinuxSeccomp.ts';
import type { LinuxIntelRdt as _grpc_LinuxIntelRdt, LinuxIntelRdt__Output as _grpc_LinuxIntelRdt__Output } from '../grpc/LinuxIntelRdt.ts';

export interface Linux {
  'UIDMappings'?: (_grpc_LinuxIDMapping)[];
  'GIDMappings'?: (_grpc_LinuxIDMapping)[];
  'Sysctl'?: ({[key: string]: string});
  'Resources'?: (_grpc_LinuxResources | null);
  'CgroupsPath'?: (string);
  'Namespaces'?: (_grpc_LinuxNamespace)[];
  'Devices'?: (_grpc_LinuxDevice)[];
  'Seccomp'?: (_grpc_LinuxSeccomp | null);
  'RootfsPropagation'?: (string);
  'MaskedPaths'?: (string)[];
  'ReadonlyPaths'?: (string)[];
  'MountLabel'?: (string);
  'IntelRdt'?: (_grpc_LinuxIntelRdt | null);
}

export interface Linux__Output {
  'UIDMappings': (_grpc_LinuxIDMapping__Output)[];
  'GIDMappings': (_grpc_LinuxIDMapping__Output)[];
  'Sysctl': ({[key: string]: string});
  'Resources': (_grpc_LinuxResources__Output | null);
  'CgroupsPath': (string);
  'Namespaces': (_grpc_LinuxNamespace__Output)[];
  'Devices': (_grpc_LinuxDevice__Output)[];
  'Seccomp': (_grpc_LinuxSeccomp__Output | null);
  'RootfsPropagation': (string);
  'MaskedPaths': (string)[];
  'ReadonlyPaths': (string)[];
  'MountLabel': (string);
  'IntelRdt': (_grpc_LinuxIntelRdt__Output | null);
}
