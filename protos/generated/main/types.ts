import type * as grpc from '@grpc/grpc-js';
import type { EnumTypeDefinition, MessageTypeDefinition } from '@grpc/proto-loader';

import type { ARPNeighbor as _types_ARPNeighbor, ARPNeighbor__Output as _types_ARPNeighbor__Output } from './types/ARPNeighbor.ts';
import type { IPAddress as _types_IPAddress, IPAddress__Output as _types_IPAddress__Output } from './types/IPAddress.ts';
import type { Interface as _types_Interface, Interface__Output as _types_Interface__Output } from './types/Interface.ts';
import type { Route as _types_Route, Route__Output as _types_Route__Output } from './types/Route.ts';

type SubtypeConstructor<Constructor extends new (...args: any) => any, Subtype> = {
  new(...args: ConstructorParameters<Constructor>): Subtype;
};

export interface ProtoGrpcType {
  types: {
    ARPNeighbor: MessageTypeDefinition<_types_ARPNeighbor, _types_ARPNeighbor__Output>
    FSGroupChangePolicy: EnumTypeDefinition
    IPAddress: MessageTypeDefinition<_types_IPAddress, _types_IPAddress__Output>
    IPFamily: EnumTypeDefinition
    Interface: MessageTypeDefinition<_types_Interface, _types_Interface__Output>
    Route: MessageTypeDefinition<_types_Route, _types_Route__Output>
  }
}

