// Original file: shim/task.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { ConnectRequest as _containerd_task_v2_ConnectRequest, ConnectRequest__Output as _containerd_task_v2_ConnectRequest__Output } from '../../../containerd/task/v2/ConnectRequest.ts';
import type { ConnectResponse as _containerd_task_v2_ConnectResponse, ConnectResponse__Output as _containerd_task_v2_ConnectResponse__Output } from '../../../containerd/task/v2/ConnectResponse.ts';
import type { Empty as _google_protobuf_Empty, Empty__Output as _google_protobuf_Empty__Output } from '../../../google/protobuf/Empty.ts';
import type { KillRequest as _containerd_task_v2_KillRequest, KillRequest__Output as _containerd_task_v2_KillRequest__Output } from '../../../containerd/task/v2/KillRequest.ts';
import type { PauseRequest as _containerd_task_v2_PauseRequest, PauseRequest__Output as _containerd_task_v2_PauseRequest__Output } from '../../../containerd/task/v2/PauseRequest.ts';
import type { PidsRequest as _containerd_task_v2_PidsRequest, PidsRequest__Output as _containerd_task_v2_PidsRequest__Output } from '../../../containerd/task/v2/PidsRequest.ts';
import type { PidsResponse as _containerd_task_v2_PidsResponse, PidsResponse__Output as _containerd_task_v2_PidsResponse__Output } from '../../../containerd/task/v2/PidsResponse.ts';
import type { ResumeRequest as _containerd_task_v2_ResumeRequest, ResumeRequest__Output as _containerd_task_v2_ResumeRequest__Output } from '../../../containerd/task/v2/ResumeRequest.ts';
import type { StateRequest as _containerd_task_v2_StateRequest, StateRequest__Output as _containerd_task_v2_StateRequest__Output } from '../../../containerd/task/v2/StateRequest.ts';
import type { StateResponse as _containerd_task_v2_StateResponse, StateResponse__Output as _containerd_task_v2_StateResponse__Output } from '../../../containerd/task/v2/StateResponse.ts';
import type { WaitRequest as _containerd_task_v2_WaitRequest, WaitRequest__Output as _containerd_task_v2_WaitRequest__Output } from '../../../containerd/task/v2/WaitRequest.ts';
import type { WaitResponse as _containerd_task_v2_WaitResponse, WaitResponse__Output as _containerd_task_v2_WaitResponse__Output } from '../../../containerd/task/v2/WaitResponse.ts';

export interface TaskClient extends grpc.Client {
  Connect(argument: _containerd_task_v2_ConnectRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_containerd_task_v2_ConnectResponse__Output>): grpc.ClientUnaryCall;
  Connect(argument: _containerd_task_v2_ConnectRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_containerd_task_v2_ConnectResponse__Output>): grpc.ClientUnaryCall;
  Connect(argument: _containerd_task_v2_ConnectRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_containerd_task_v2_ConnectResponse__Output>): grpc.ClientUnaryCall;
  Connect(argument: _containerd_task_v2_ConnectRequest, callback: grpc.requestCallback<_containerd_task_v2_ConnectResponse__Output>): grpc.ClientUnaryCall;
  connect(argument: _containerd_task_v2_ConnectRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_containerd_task_v2_ConnectResponse__Output>): grpc.ClientUnaryCall;
  connect(argument: _containerd_task_v2_ConnectRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_containerd_task_v2_ConnectResponse__Output>): grpc.ClientUnaryCall;
  connect(argument: _containerd_task_v2_ConnectRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_containerd_task_v2_ConnectResponse__Output>): grpc.ClientUnaryCall;
  connect(argument: _containerd_task_v2_ConnectRequest, callback: grpc.requestCallback<_containerd_task_v2_ConnectResponse__Output>): grpc.ClientUnaryCall;
  
  Kill(argument: _containerd_task_v2_KillRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  Kill(argument: _containerd_task_v2_KillRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  Kill(argument: _containerd_task_v2_KillRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  Kill(argument: _containerd_task_v2_KillRequest, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  kill(argument: _containerd_task_v2_KillRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  kill(argument: _containerd_task_v2_KillRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  kill(argument: _containerd_task_v2_KillRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  kill(argument: _containerd_task_v2_KillRequest, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  
  Pause(argument: _containerd_task_v2_PauseRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  Pause(argument: _containerd_task_v2_PauseRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  Pause(argument: _containerd_task_v2_PauseRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  Pause(argument: _containerd_task_v2_PauseRequest, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  pause(argument: _containerd_task_v2_PauseRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  pause(argument: _containerd_task_v2_PauseRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  pause(argument: _containerd_task_v2_PauseRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  pause(argument: _containerd_task_v2_PauseRequest, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  
  Pids(argument: _containerd_task_v2_PidsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_containerd_task_v2_PidsResponse__Output>): grpc.ClientUnaryCall;
  Pids(argument: _containerd_task_v2_PidsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_containerd_task_v2_PidsResponse__Output>): grpc.ClientUnaryCall;
  Pids(argument: _containerd_task_v2_PidsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_containerd_task_v2_PidsResponse__Output>): grpc.ClientUnaryCall;
  Pids(argument: _containerd_task_v2_PidsRequest, callback: grpc.requestCallback<_containerd_task_v2_PidsResponse__Output>): grpc.ClientUnaryCall;
  pids(argument: _containerd_task_v2_PidsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_containerd_task_v2_PidsResponse__Output>): grpc.ClientUnaryCall;
  pids(argument: _containerd_task_v2_PidsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_containerd_task_v2_PidsResponse__Output>): grpc.ClientUnaryCall;
  pids(argument: _containerd_task_v2_PidsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_containerd_task_v2_PidsResponse__Output>): grpc.ClientUnaryCall;
  pids(argument: _containerd_task_v2_PidsRequest, callback: grpc.requestCallback<_containerd_task_v2_PidsResponse__Output>): grpc.ClientUnaryCall;
  
  Resume(argument: _containerd_task_v2_ResumeRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  Resume(argument: _containerd_task_v2_ResumeRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  Resume(argument: _containerd_task_v2_ResumeRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  Resume(argument: _containerd_task_v2_ResumeRequest, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  resume(argument: _containerd_task_v2_ResumeRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  resume(argument: _containerd_task_v2_ResumeRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  resume(argument: _containerd_task_v2_ResumeRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  resume(argument: _containerd_task_v2_ResumeRequest, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  
  State(argument: _containerd_task_v2_StateRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_containerd_task_v2_StateResponse__Output>): grpc.ClientUnaryCall;
  State(argument: _containerd_task_v2_StateRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_containerd_task_v2_StateResponse__Output>): grpc.ClientUnaryCall;
  State(argument: _containerd_task_v2_StateRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_containerd_task_v2_StateResponse__Output>): grpc.ClientUnaryCall;
  State(argument: _containerd_task_v2_StateRequest, callback: grpc.requestCallback<_containerd_task_v2_StateResponse__Output>): grpc.ClientUnaryCall;
  state(argument: _containerd_task_v2_StateRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_containerd_task_v2_StateResponse__Output>): grpc.ClientUnaryCall;
  state(argument: _containerd_task_v2_StateRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_containerd_task_v2_StateResponse__Output>): grpc.ClientUnaryCall;
  state(argument: _containerd_task_v2_StateRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_containerd_task_v2_StateResponse__Output>): grpc.ClientUnaryCall;
  state(argument: _containerd_task_v2_StateRequest, callback: grpc.requestCallback<_containerd_task_v2_StateResponse__Output>): grpc.ClientUnaryCall;
  
  Wait(argument: _containerd_task_v2_WaitRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_containerd_task_v2_WaitResponse__Output>): grpc.ClientUnaryCall;
  Wait(argument: _containerd_task_v2_WaitRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_containerd_task_v2_WaitResponse__Output>): grpc.ClientUnaryCall;
  Wait(argument: _containerd_task_v2_WaitRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_containerd_task_v2_WaitResponse__Output>): grpc.ClientUnaryCall;
  Wait(argument: _containerd_task_v2_WaitRequest, callback: grpc.requestCallback<_containerd_task_v2_WaitResponse__Output>): grpc.ClientUnaryCall;
  wait(argument: _containerd_task_v2_WaitRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_containerd_task_v2_WaitResponse__Output>): grpc.ClientUnaryCall;
  wait(argument: _containerd_task_v2_WaitRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_containerd_task_v2_WaitResponse__Output>): grpc.ClientUnaryCall;
  wait(argument: _containerd_task_v2_WaitRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_containerd_task_v2_WaitResponse__Output>): grpc.ClientUnaryCall;
  wait(argument: _containerd_task_v2_WaitRequest, callback: grpc.requestCallback<_containerd_task_v2_WaitResponse__Output>): grpc.ClientUnaryCall;
  
}

export interface TaskHandlers extends grpc.UntypedServiceImplementation {
  Connect: grpc.handleUnaryCall<_containerd_task_v2_ConnectRequest__Output, _containerd_task_v2_ConnectResponse>;
  
  Kill: grpc.handleUnaryCall<_containerd_task_v2_KillRequest__Output, _google_protobuf_Empty>;
  
  Pause: grpc.handleUnaryCall<_containerd_task_v2_PauseRequest__Output, _google_protobuf_Empty>;
  
  Pids: grpc.handleUnaryCall<_containerd_task_v2_PidsRequest__Output, _containerd_task_v2_PidsResponse>;
  
  Resume: grpc.handleUnaryCall<_containerd_task_v2_ResumeRequest__Output, _google_protobuf_Empty>;
  
  State: grpc.handleUnaryCall<_containerd_task_v2_StateRequest__Output, _containerd_task_v2_StateResponse>;
  
  Wait: grpc.handleUnaryCall<_containerd_task_v2_WaitRequest__Output, _containerd_task_v2_WaitResponse>;
  
}

export interface TaskDefinition extends grpc.ServiceDefinition {
  Connect: MethodDefinition<_containerd_task_v2_ConnectRequest, _containerd_task_v2_ConnectResponse, _containerd_task_v2_ConnectRequest__Output, _containerd_task_v2_ConnectResponse__Output>
  Kill: MethodDefinition<_containerd_task_v2_KillRequest, _google_protobuf_Empty, _containerd_task_v2_KillRequest__Output, _google_protobuf_Empty__Output>
  Pause: MethodDefinition<_containerd_task_v2_PauseRequest, _google_protobuf_Empty, _containerd_task_v2_PauseRequest__Output, _google_protobuf_Empty__Output>
  Pids: MethodDefinition<_containerd_task_v2_PidsRequest, _containerd_task_v2_PidsResponse, _containerd_task_v2_PidsRequest__Output, _containerd_task_v2_PidsResponse__Output>
  Resume: MethodDefinition<_containerd_task_v2_ResumeRequest, _google_protobuf_Empty, _containerd_task_v2_ResumeRequest__Output, _google_protobuf_Empty__Output>
  State: MethodDefinition<_containerd_task_v2_StateRequest, _containerd_task_v2_StateResponse, _containerd_task_v2_StateRequest__Output, _containerd_task_v2_StateResponse__Output>
  Wait: MethodDefinition<_containerd_task_v2_WaitRequest, _containerd_task_v2_WaitResponse, _containerd_task_v2_WaitRequest__Output, _containerd_task_v2_WaitResponse__Output>
}
