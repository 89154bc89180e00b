import type * as grpc from '@grpc/grpc-js';
import type { EnumTypeDefinition, MessageTypeDefinition } from '@grpc/proto-loader';

import type { ARPNeighbors as _grpc_ARPNeighbors, ARPNeighbors__Output as _grpc_ARPNeighbors__Output } from './grpc/ARPNeighbors.ts';
import type { AddARPNeighborsRequest as _grpc_AddARPNeighborsRequest, AddARPNeighborsRequest__Output as _grpc_AddARPNeighborsRequest__Output } from './grpc/AddARPNeighborsRequest.ts';
import type { Interfaces as _grpc_Interfaces, Interfaces__Output as _grpc_Interfaces__Output } from './grpc/Interfaces.ts';
import type { ListInterfacesRequest as _grpc_ListInterfacesRequest, ListInterfacesRequest__Output as _grpc_ListInterfacesRequest__Output } from './grpc/ListInterfacesRequest.ts';
import type { ListRoutesRequest as _grpc_ListRoutesRequest, ListRoutesRequest__Output as _grpc_ListRoutesRequest__Output } from './grpc/ListRoutesRequest.ts';
import type { Routes as _grpc_Routes, Routes__Output as _grpc_Routes__Output } from './grpc/Routes.ts';
import type { UpdateInterfaceRequest as _grpc_UpdateInterfaceRequest, UpdateInterfaceRequest__Output as _grpc_UpdateInterfaceRequest__Output } from './grpc/UpdateInterfaceRequest.ts';
import type { UpdateRoutesRequest as _grpc_UpdateRoutesRequest, UpdateRoutesRequest__Output as _grpc_UpdateRoutesRequest__Output } from './grpc/UpdateRoutesRequest.ts';
import type { ARPNeighbor as _types_ARPNeighbor, ARPNeighbor__Output as _types_ARPNeighbor__Output } from './types/ARPNeighbor.ts';
import type { IPAddress as _types_IPAddress, IPAddress__Output as _types_IPAddress__Output } from './types/IPAddress.ts';
import type { Interface as _types_Interface, Interface__Output as _types_Interface__Output } from './types/Interface.ts';
import type { Route as _types_Route, Route__Output as _types_Route__Output } from './types/Route.ts';

type SubtypeConstructor<Constructor extends new (...args: any) => any, Subtype> = {
  new(...args: ConstructorParameters<Constructor>): Subtype;
};

export interface ProtoGrpcType {
  grpc: {
    ARPNeighbors: MessageTypeDefinition<_grpc_ARPNeighbors, _grpc_ARPNeighbors__Output>
    AddARPNeighborsRequest: MessageTypeDefinition<_grpc_AddARPNeighborsRequest, _grpc_AddARPNeighborsRequest__Output>
    Interfaces: MessageTypeDefinition<_grpc_Interfaces, _grpc_Interfaces__Output>
    ListInterfacesRequest: MessageTypeDefinition<_grpc_ListInterfacesRequest, _grpc_ListInterfacesRequest__Output>
    ListRoutesRequest: MessageTypeDefinition<_grpc_ListRoutesRequest, _grpc_ListRoutesRequest__Output>
    Routes: MessageTypeDefinition<_grpc_Routes, _grpc_Routes__Output>
    UpdateInterfaceRequest: MessageTypeDefinition<_grpc_UpdateInterfaceRequest, _grpc_UpdateInterfaceRequest__Output>
    UpdateRoutesRequest: MessageTypeDefinition<_grpc_UpdateRoutesRequest, _grpc_UpdateRoutesRequest__Output>
  }
  types: {
    ARPNeighbor: MessageTypeDefinition<_types_ARPNeighbor, _types_ARPNeighbor__Output>
    IPAddress: MessageTypeDefinition<_types_IPAddress, _types_IPAddress__Output>
    IPFamily: EnumTypeDefinition
    Interface: MessageTypeDefinition<_types_Interface, _types_Interface__Output>
    Route: MessageTypeDefinition<_types_Route, _types_Route__Output>
  }
}

