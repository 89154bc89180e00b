// Original file: skopeo/image.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { PullImageRequest as _grpc_PullImageRequest, PullImageRequest__Output as _grpc_PullImageRequest__Output } from '../grpc/PullImageRequest.ts';
import type { PullImageResponse as _grpc_PullImageResponse, PullImageResponse__Output as _grpc_PullImageResponse__Output } from '../grpc/PullImageResponse.ts';

export interface ImageClient extends grpc.Client {
  PullImage(argument: _grpc_PullImageRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_grpc_PullImageResponse__Output>): grpc.ClientUnaryCall;
  PullImage(argument: _grpc_PullImageRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_grpc_PullImageResponse__Output>): grpc.ClientUnaryCall;
  PullImage(argument: _grpc_PullImageRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_grpc_PullImageResponse__Output>): grpc.ClientUnaryCall;
  PullImage(argument: _grpc_PullImageRequest, callback: grpc.requestCallback<_grpc_PullImageResponse__Output>): grpc.ClientUnaryCall;
  pullImage(argument: _grpc_PullImageRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_grpc_PullImageResponse__Output>): grpc.ClientUnaryCall;
  pullImage(argument: _grpc_PullImageRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_grpc_PullImageResponse__Output>): grpc.ClientUnaryCall;
  pullImage(argument: _grpc_PullImageRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_grpc_PullImageResponse__Output>): grpc.ClientUnaryCall;
  pullImage(argument: _grpc_PullImageRequest, callback: grpc.requestCallback<_grpc_PullImageResponse__Output>): grpc.ClientUnaryCall;
  
}

export interface ImageHandlers extends grpc.UntypedServiceImplementation {
  PullImage: grpc.handleUnaryCall<_grpc_PullImageRequest__Output, _grpc_PullImageResponse>;
  
}

export interface ImageDefinition extends grpc.ServiceDefinition {
  PullImage: MethodDefinition<_grpc_PullImageRequest, _grpc_PullImageResponse, _grpc_PullImageRequest__Output, _grpc_PullImageResponse__Output>
}
