// Original file: main/sandbox.proto

import type { AgentDetails as _grpc_AgentDetails, AgentDetails__Output as _grpc_AgentDetails__Output } from '../grpc/AgentDetails.ts';
import type { Long } from '@grpc/proto-loader';

export interface GuestDetailsResponse {
  'memBlockSizeBytes'?: (number | string | Long);
  'agentDetails'?: (_grpc_AgentDetails | null);
  'supportMemHotplugProbe'?: (boolean);
}

export interface GuestDetailsResponse__Output {
  'memBlockSizeBytes': (string);
  'agentDetails': (_grpc_AgentDetails__Output | null);
  'supportMemHotplugProbe': (boolean);
}
