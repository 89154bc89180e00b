import type * as grpc from '@grpc/grpc-js';
import type { MessageTypeDefinition } from '@grpc/proto-loader';

import type { CheckRequest as _grpc_CheckRequest, CheckRequest__Output as _grpc_CheckRequest__Output } from './grpc/CheckRequest.ts';
import type { HealthClient as _grpc_HealthClient, HealthDefinition as _grpc_HealthDefinition } from './grpc/Health.ts';
import type { HealthCheckResponse as _grpc_HealthCheckResponse, HealthCheckResponse__Output as _grpc_HealthCheckResponse__Output } from './grpc/HealthCheckResponse.ts';
import type { VersionCheckResponse as _grpc_VersionCheckResponse, VersionCheckResponse__Output as _grpc_VersionCheckResponse__Output } from './grpc/VersionCheckResponse.ts';

type SubtypeConstructor<Constructor extends new (...args: any) => any, Subtype> = {
  new(...args: ConstructorParameters<Constructor>): Subtype;
};

export interface ProtoGrpcType {
  grpc: {
    CheckRequest: MessageTypeDefinition<_grpc_CheckRequest, _grpc_CheckRequest__Output>
    Health: SubtypeConstructor<typeof grpc.Client, _grpc_HealthClient> & { service: _grpc_HealthDefinition }
    HealthCheckResponse: MessageTypeDefinition<_grpc_HealthCheckResponse, _grpc_HealthCheckResponse__Output>
    VersionCheckResponse: MessageTypeDefinition<_grpc_VersionCheckResponse, _grpc_VersionCheckResponse__Output>
  }
}

