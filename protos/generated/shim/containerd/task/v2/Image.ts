// Original file: shim/image.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { PullImageRequest as _containerd_task_v2_PullImageRequest, PullImageRequest__Output as _containerd_task_v2_PullImageRequest__Output } from '../../../containerd/task/v2/PullImageRequest.ts';
import type { PullImageResponse as _containerd_task_v2_PullImageResponse, PullImageResponse__Output as _containerd_task_v2_PullImageResponse__Output } from '../../../containerd/task/v2/PullImageResponse.ts';

export interface ImageClient extends grpc.Client {
  PullImage(argument: _containerd_task_v2_PullImageRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_containerd_task_v2_PullImageResponse__Output>): grpc.ClientUnaryCall;
  PullImage(argument: _containerd_task_v2_PullImageRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_containerd_task_v2_PullImageResponse__Output>): grpc.ClientUnaryCall;
  PullImage(argument: _containerd_task_v2_PullImageRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_containerd_task_v2_PullImageResponse__Output>): grpc.ClientUnaryCall;
  PullImage(argument: _containerd_task_v2_PullImageRequest, callback: grpc.requestCallback<_containerd_task_v2_PullImageResponse__Output>): grpc.ClientUnaryCall;
  pullImage(argument: _containerd_task_v2_PullImageRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_containerd_task_v2_PullImageResponse__Output>): grpc.ClientUnaryCall;
  pullImage(argument: _containerd_task_v2_PullImageRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_containerd_task_v2_PullImageResponse__Output>): grpc.ClientUnaryCall;
  pullImage(argument: _containerd_task_v2_PullImageRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_containerd_task_v2_PullImageResponse__Output>): grpc.ClientUnaryCall;
  pullImage(argument: _containerd_task_v2_PullImageRequest, callback: grpc.requestCallback<_containerd_task_v2_PullImageResponse__Output>): grpc.ClientUnaryCall;
  
}

export interface ImageHandlers extends grpc.UntypedServiceImplementation {
  PullImage: grpc.handleUnaryCall<_containerd_task_v2_PullImageRequest__Output, _containerd_task_v2_PullImageResponse>;
  
}

export interface ImageDefinition extends grpc.ServiceDefinition {
  PullImage: MethodDefinition<_containerd_task_v2_PullImageRequest, _containerd_task_v2_PullImageResponse, _containerd_task_v2_PullImageRequest__Output, _containerd_task_v2_PullImageResponse__Output>
}
