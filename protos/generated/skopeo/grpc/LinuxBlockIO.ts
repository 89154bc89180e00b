// Original file: skopeo/oci.proto

import type { LinuxWeightDevice as _grpc_LinuxWeightDevice, LinuxWeightDevice__Output as _grpc_LinuxWeightDevice__Output } from '../grpc/LinuxWeightDevice.ts';
import type { LinuxThrottleDevice as _grpc_LinuxThrottleDevice, LinuxThrottleDevice__Output as _grpc_LinuxThrottleDevice__Output } from '../grpc/LinuxThrottleDevice.ts';

export interface LinuxBlockIO {
  'Weight'?: (number);
  'LeafWeight'?: (number);
  'WeightDevice'?: (_grpc_LinuxWeightDevice)[];
  'ThrottleReadBpsDevice'?: (_grpc_LinuxThrottleDevice)[];
  'ThrottleWriteBpsDevice'?: (_grpc_LinuxThrottleDevice)[];
  'ThrottleReadIOPSDevice'?: (_grpc_LinuxThrottleDevice)[];
  'ThrottleWriteIOPSDevice'?: (_grpc_LinuxThrottleDevice)[];
}

export interface LinuxBlockIO__Output {
  'Weight': (number);
  'LeafWeight': (number);
  'WeightDevice': (_grpc_LinuxWeightDevice__Output)[];
  'ThrottleReadBpsDevice': (_grpc_LinuxThrottleDevice__Output)[];
  'ThrottleWriteBpsDevice': (_grpc_LinuxThrottleDevice__Output)[];
  'ThrottleReadIOPSDevice': (_grpc_LinuxThrottleDevice__Output)[];
  'ThrottleWriteIOPSDevice': (_grpc_LinuxThrottleDevice__Output)[];
}
