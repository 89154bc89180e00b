import type * as grpc from '@grpc/grpc-js';
import type { MessageTypeDefinition } from '@grpc/proto-loader';

import type { ImageClient as _grpc_ImageClient, ImageDefinition as _grpc_ImageDefinition } from './grpc/Image.ts';
import type { PullImageRequest as _grpc_PullImageRequest, PullImageRequest__Output as _grpc_PullImageRequest__Output } from './grpc/PullImageRequest.ts';
import type { PullImageResponse as _grpc_PullImageResponse, PullImageResponse__Output as _grpc_PullImageResponse__Output } from './grpc/PullImageResponse.ts';

type SubtypeConstructor<Constructor extends new (...args: any) => any, Subtype> = {
  new(...args: ConstructorParameters<Constructor>): Subtype;
};

export interface ProtoGrpcType {
  grpc: {
    Image: SubtypeConstructor<typeof grpc.Client, _grpc_ImageClient> & { service: _grpc_ImageDefinition }
    PullImageRequest: MessageTypeDefinition<_grpc_PullImageRequest, _grpc_PullImageRequest__Output>
    PullImageResponse: MessageTypeDefinition<_grpc_PullImageResponse, _grpc_PullImageResponse__Output>
  }
}

