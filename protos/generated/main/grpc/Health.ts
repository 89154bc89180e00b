// Original file: main/health.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { CheckRequest as _grpc_CheckRequest, CheckRequest__Output as _grpc_CheckRequest__Output } from '../grpc/CheckRequest.ts';
import type { HealthCheckResponse as _grpc_HealthCheckResponse, HealthCheckResponse__Output as _grpc_HealthCheckResponse__Output } from '../grpc/HealthCheckResponse.ts';
import type { VersionCheckResponse as _grpc_VersionCheckResponse, VersionCheckResponse__Output as _grpc_VersionCheckResponse__Output } from '../grpc/VersionCheckResponse.ts';

export interface HealthClient extends grpc.Client {
  Check(argument: _grpc_CheckRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_grpc_HealthCheckResponse__Output>): grpc.ClientUnaryCall;
  Check(argument: _grpc_CheckRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_grpc_HealthCheckResponse__Output>): grpc.ClientUnaryCall;
  Check(argument: _grpc_CheckRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_grpc_HealthCheckResponse__Output>): grpc.ClientUnaryCall;
  Check(argument: _grpc_CheckRequest, callback: grpc.requestCallback<_grpc_HealthCheckResponse__Output>): grpc.ClientUnaryCall;
  check(argument: _grpc_CheckRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_grpc_HealthCheckResponse__Output>): grpc.ClientUnaryCall;
  check(argument: _grpc_CheckRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_grpc_HealthCheckResponse__Output>): grpc.ClientUnaryCall;
  check(argument: _grpc_CheckRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_grpc_HealthCheckResponse__Output>): grpc.ClientUnaryCall;
  check(argument: _grpc_CheckRequest, callback: grpc.requestCallback<_grpc_HealthCheckResponse__Output>): grpc.ClientUnaryCall;
  
  Version(argument: _grpc_CheckRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_grpc_VersionCheckResponse__Output>): grpc.ClientUnaryCall;
  Version(argument: _grpc_CheckRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_grpc_VersionCheckResponse__Output>): grpc.ClientUnaryCall;
  Version(argument: _grpc_CheckRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_grpc_VersionCheckResponse__Output>): grpc.ClientUnaryCall;
  Version(argument: _grpc_CheckRequest, callback: grpc.requestCallback<_grpc_VersionCheckResponse__Output>): grpc.ClientUnaryCall;
  version(argument: _grpc_CheckRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_grpc_VersionCheckResponse__Output>): grpc.ClientUnaryCall;
  version(argument: _grpc_CheckRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_grpc_VersionCheckResponse__Output>): grpc.ClientUnaryCall;
  version(argument: _grpc_CheckRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_grpc_VersionCheckResponse__Output>): grpc.ClientUnaryCall;
  version(argument: _grpc_CheckRequest, callback: grpc.requestCallback<_grpc_VersionCheckResponse__Output>): grpc.ClientUnaryCall;
  
}

export interface HealthHandlers extends grpc.UntypedServiceImplementation {
  Check: grpc.handleUnaryCall<_grpc_CheckRequest__Output, _grpc_HealthCheckResponse>;
  
  Version: grpc.handleUnaryCall<_grpc_CheckRequest__Output, _grpc_VersionCheckResponse>;
  
}

export interface HealthDefinition extends grpc.ServiceDefinition {
  Check: MethodDefinition<_grpc_CheckRequest, _grpc_HealthCheckResponse, _grpc_CheckRequest__Output, _grpc_HealthCheckResponse__Output>
  Version: MethodDefinition<_grpc_CheckRequest, _grpc_VersionCheckResponse, _grpc_CheckRequest__Output, _grpc_VersionCheckResponse__Output>
}
