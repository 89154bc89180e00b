import type * as grpc from '@grpc/grpc-js';
import type { EnumTypeDefinition, MessageTypeDefinition } from '@grpc/proto-loader';

import type { ConnectRequest as _containerd_task_v2_ConnectRequest, ConnectRequest__Output as _containerd_task_v2_ConnectRequest__Output } from './containerd/task/v2/ConnectRequest.ts';
import type { ConnectResponse as _containerd_task_v2_ConnectResponse, ConnectResponse__Output as _containerd_task_v2_ConnectResponse__Output } from './containerd/task/v2/ConnectResponse.ts';
import type { KillRequest as _containerd_task_v2_KillRequest, KillRequest__Output as _containerd_task_v2_KillRequest__Output } from './containerd/task/v2/KillRequest.ts';
import type { PauseRequest as _containerd_task_v2_PauseRequest, PauseRequest__Output as _containerd_task_v2_PauseRequest__Output } from './containerd/task/v2/PauseRequest.ts';
import type { PidsRequest as _containerd_task_v2_PidsRequest, PidsRequest__Output as _containerd_task_v2_PidsRequest__Output } from './containerd/task/v2/PidsRequest.ts';
import type { PidsResponse as _containerd_task_v2_PidsResponse, PidsResponse__Output as _containerd_task_v2_PidsResponse__Output } from './containerd/task/v2/PidsResponse.ts';
import type { ProcessInfo as _containerd_task_v2_ProcessInfo, ProcessInfo__Output as _containerd_task_v2_ProcessInfo__Output } from './containerd/task/v2/ProcessInfo.ts';
import type { ResumeRequest as _containerd_task_v2_ResumeRequest, ResumeRequest__Output as _containerd_task_v2_ResumeRequest__Output } from './containerd/task/v2/ResumeRequest.ts';
import type { StateRequest as _containerd_task_v2_StateRequest, StateRequest__Output as _containerd_task_v2_StateRequest__Output } from './containerd/task/v2/StateRequest.ts';
import type { StateResponse as _containerd_task_v2_StateResponse, StateResponse__Output as _containerd_task_v2_StateResponse__Output } from './containerd/task/v2/StateResponse.ts';
import type { TaskClient as _containerd_task_v2_TaskClient, TaskDefinition as _containerd_task_v2_TaskDefinition } from './containerd/task/v2/Task.ts';
import type { WaitRequest as _containerd_task_v2_WaitRequest, WaitRequest__Output as _containerd_task_v2_WaitRequest__Output } from './containerd/task/v2/WaitRequest.ts';
import type { WaitResponse as _containerd_task_v2_WaitResponse, WaitResponse__Output as _containerd_task_v2_WaitResponse__Output } from './containerd/task/v2/WaitResponse.ts';
import type { Empty as _google_protobuf_Empty, Empty__Output as _google_protobuf_Empty__Output } from './google/protobuf/Empty.ts';
import type { Timestamp as _google_protobuf_Timestamp, Timestamp__Output as _google_protobuf_Timestamp__Output } from './google/protobuf/Timestamp.ts';

type SubtypeConstructor<Constructor extends new (...args: any) => any, Subtype> = {
  new(...args: ConstructorParameters<Constructor>): Subtype;
};

export interface ProtoGrpcType {
  containerd: {
    task: {
      v2: {
        ConnectRequest: MessageTypeDefinition<_containerd_task_v2_ConnectRequest, _containerd_task_v2_ConnectRequest__Output>
        ConnectResponse: MessageTypeDefinition<_containerd_task_v2_ConnectResponse, _containerd_task_v2_ConnectResponse__Output>
        KillRequest: MessageTypeDefinition<_containerd_task_v2_KillRequest, _containerd_task_v2_KillRequest__Output>
        PauseRequest: MessageTypeDefinition<_containerd_task_v2_PauseRequest, _containerd_task_v2_PauseRequest__Output>
        PidsRequest: MessageTypeDefinition<_containerd_task_v2_PidsRequest, _containerd_task_v2_PidsRequest__Output>
        PidsResponse: MessageTypeDefinition<_containerd_task_v2_PidsResponse, _containerd_task_v2_PidsResponse__Output>
        ProcessInfo: MessageTypeDefinition<_containerd_task_v2_ProcessInfo, _containerd_task_v2_ProcessInfo__Output>
        ResumeRequest: MessageTypeDefinition<_containerd_task_v2_ResumeRequest, _containerd_task_v2_ResumeRequest__Output>
        StateRequest: MessageTypeDefinition<_containerd_task_v2_StateRequest, _containerd_task_v2_StateRequest__Output>
        StateResponse: MessageTypeDefinition<_containerd_task_v2_StateResponse, _containerd_task_v2_StateResponse__Output>
        Status: EnumTypeDefinition
        Task: SubtypeConstructor<typeof grpc.Client, _containerd_task_v2_TaskClient> & { service: _containerd_task_v2_TaskDefinition }
        WaitRequest: MessageTypeDefinition<_containerd_task_v2_WaitRequest, _containerd_task_v2_WaitRequest__Output>
        WaitResponse: MessageTypeDefinition<_containerd_task_v2_WaitResponse, _containerd_task_v2_WaitResponse__Output>
      }
    }
  }
  google: {
    protobuf: {
      Empty: MessageTypeDefinition<_google_protobuf_Empty, _google_protobuf_Empty__Output>
      Timestamp: MessageTypeDefinition<_google_protobuf_Timestamp, _google_protobuf_Timestamp__Output>
    }
  }
}

