import type * as grpc from '@grpc/grpc-js';
import type { MessageTypeDefinition } from '@grpc/proto-loader';

import type { SecureMountRequest as _api_SecureMountRequest, SecureMountRequest__Output as _api_SecureMountRequest__Output } from './api/SecureMountRequest.ts';
import type { SecureMountResponse as _api_SecureMountResponse, SecureMountResponse__Output as _api_SecureMountResponse__Output } from './api/SecureMountResponse.ts';
import type { SecureMountServiceClient as _api_SecureMountServiceClient, SecureMountServiceDefinition as _api_SecureMountServiceDefinition } from './api/SecureMountService.ts';

type SubtypeConstructor<Constructor extends new (...args: any) => any, Subtype> = {
  new(...args: ConstructorParameters<Constructor>): Subtype;
};

export interface ProtoGrpcType {
  api: {
    SecureMountRequest: MessageTypeDefinition<_api_SecureMountRequest, _api_SecureMountRequest__Output>
    SecureMountResponse: MessageTypeDefinition<_api_SecureMountResponse, _api_SecureMountResponse__Output>
    SecureMountService: SubtypeConstructor<typeof grpc.Client, _api_SecureMountServiceClient> & { service: _api_SecureMountServiceDefinition }
  }
}

