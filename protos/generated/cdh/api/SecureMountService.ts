// Original file: cdh/cdh.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { SecureMountRequest as _api_SecureMountRequest, SecureMountRequest__Output as _api_SecureMountRequest__Output } from '../api/SecureMountRequest.ts';
import type { SecureMountResponse as _api_SecureMountResponse, SecureMountResponse__Output as _api_SecureMountResponse__Output } from '../api/SecureMountResponse.ts';

export interface SecureMountServiceClient extends grpc.Client {
  SecureMount(argument: _api_SecureMountRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_api_SecureMountResponse__Output>): grpc.ClientUnaryCall;
  SecureMount(argument: _api_SecureMountRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_api_SecureMountResponse__Output>): grpc.ClientUnaryCall;
  SecureMount(argument: _api_SecureMountRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_api_SecureMountResponse__Output>): grpc.ClientUnaryCall;
  SecureMount(argument: _api_SecureMountRequest, callback: grpc.requestCallback<_api_SecureMountResponse__Output>): grpc.ClientUnaryCall;
  secureMount(argument: _api_SecureMountRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_api_SecureMountResponse__Output>): grpc.ClientUnaryCall;
  secureMount(argument: _api_SecureMountRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_api_SecureMountResponse__Output>): grpc.ClientUnaryCall;
  secureMount(argument: _api_SecureMountRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_api_SecureMountResponse__Output>): grpc.ClientUnaryCall;
  secureMount(argument: _api_SecureMountRequest, callback: grpc.requestCallback<_api_SecureMountResponse__Output>): grpc.ClientUnaryCall;
  
}

export interface SecureMountServiceHandlers extends grpc.UntypedServiceImplementation {
  SecureMount: grpc.handleUnaryCall<_api_SecureMountRequest__Output, _api_SecureMountResponse>;
  
}

export interface SecureMountServiceDefinition extends grpc.ServiceDefinition {
  SecureMount: MethodDefinition<_api_SecureMountRequest, _api_SecureMountResponse, _api_SecureMountRequest__Output, _api_SecureMountResponse__Output>
}
