import type * as grpc from '@grpc/grpc-js';
import type { MessageTypeDefinition } from '@grpc/proto-loader';

import type { ImageClient as _containerd_task_v2_ImageClient, ImageDefinition as _containerd_task_v2_ImageDefinition } from './containerd/task/v2/Image.ts';
import type { PullImageRequest as _containerd_task_v2_PullImageRequest, PullImageRequest__Output as _containerd_task_v2_PullImageRequest__Output } from './containerd/task/v2/PullImageRequest.ts';
import type { PullImageResponse as _containerd_task_v2_PullImageResponse, PullImageResponse__Output as _containerd_task_v2_PullImageResponse__Output } from './containerd/task/v2/PullImageResponse.ts';

type SubtypeConstructor<Constructor extends new (...args: any) => any, Subtype> = {
  new(...args: ConstructorParameters<Constructor>): Subtype;
};

export interface ProtoGrpcType {
  containerd: {
    task: {
      v2: {
        Image: SubtypeConstructor<typeof grpc.Client, _containerd_task_v2_ImageClient> & { service: _containerd_task_v2_ImageDefinition }
        PullImageRequest: MessageTypeDefinition<_containerd_task_v2_PullImageRequest, _containerd_task_v2_PullImageRequest__Output>
        PullImageResponse: MessageTypeDefinition<_containerd_task_v2_PullImageResponse, _containerd_task_v2_PullImageResponse__Output>
      }
    }
  }
}

