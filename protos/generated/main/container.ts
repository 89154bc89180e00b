import type * as grpc from '@grpc/grpc-js';
import type { EnumTypeDefinition, MessageTypeDefinition } from '@grpc/proto-loader';

import type { Box as _grpc_Box, Box__Output as _grpc_Box__Output } from './grpc/Box.ts';
import type { CreateContainerRequest as _grpc_CreateContainerRequest, CreateContainerRequest__Output as _grpc_CreateContainerRequest__Output } from './grpc/CreateContainerRequest.ts';
import type { Device as _grpc_Device, Device__Output as _grpc_Device__Output } from './grpc/Device.ts';
import type { FSGroup as _grpc_FSGroup, FSGroup__Output as _grpc_FSGroup__Output } from './grpc/FSGroup.ts';
import type { GetOOMEventRequest as _grpc_GetOOMEventRequest, GetOOMEventRequest__Output as _grpc_GetOOMEventRequest__Output } from './grpc/GetOOMEventRequest.ts';
import type { Hook as _grpc_Hook, Hook__Output as _grpc_Hook__Output } from './grpc/Hook.ts';
import type { Hooks as _grpc_Hooks, Hooks__Output as _grpc_Hooks__Output } from './grpc/Hooks.ts';
import type { Linux as _grpc_Linux, Linux__Output as _grpc_Linux__Output } from './grpc/Linux.ts';
import type { LinuxBlockIO as _grpc_LinuxBlockIO, LinuxBlockIO__Output as _grpc_LinuxBlockIO__Output } from './grpc/LinuxBlockIO.ts';
import type { LinuxCPU as _grpc_LinuxCPU, LinuxCPU__Output as _grpc_LinuxCPU__Output } from './grpc/LinuxCPU.ts';
import type { LinuxCapabilities as _grpc_LinuxCapabilities, LinuxCapabilities__Output as _grpc_LinuxCapabilities__Output } from './grpc/LinuxCapabilities.ts';
import type { LinuxDevice as _grpc_LinuxDevice, LinuxDevice__Output as _grpc_LinuxDevice__Output } from './grpc/LinuxDevice.ts';
import type { LinuxDeviceCgroup as _grpc_LinuxDeviceCgroup, LinuxDeviceCgroup__Output as _grpc_LinuxDeviceCgroup__Output } from './grpc/LinuxDeviceCgroup.ts';
import type { LinuxHugepageLimit as _grpc_LinuxHugepageLimit, LinuxHugepageLimit__Output as _grpc_LinuxHugepageLimit__Output } from './grpc/LinuxHugepageLimit.ts';
import type { LinuxIDMapping as _grpc_LinuxIDMapping, LinuxIDMapping__Output as _grpc_LinuxIDMapping__Output } from './grpc/LinuxIDMapping.ts';
import type { LinuxIntelRdt as _grpc_LinuxIntelRdt, LinuxIntelRdt__Output as _grpc_LinuxIntelRdt__Output } from './grpc/LinuxIntelRdt.ts';
import type { LinuxInterfacePriority as _grpc_LinuxInterfacePriority, LinuxInterfacePriority__Output as _grpc_LinuxInterfacePriority__Output } from './grpc/LinuxInterfacePriority.ts';
import type { LinuxMemory as _grpc_LinuxMemory, LinuxMemory__Output as _grpc_LinuxMemory__Output } from './grpc/LinuxMemory.ts';
import type { LinuxNamespace as _grpc_LinuxNamespace, LinuxNamespace__Output as _grpc_LinuxNamespace__Output } from './grpc/LinuxNamespace.ts';
import type { LinuxNetwork as _grpc_LinuxNetwork, LinuxNetwork__Output as _grpc_LinuxNetwork__Output } from './grpc/LinuxNetwork.ts';
import type { LinuxPids as _grpc_LinuxPids, LinuxPids__Output as _grpc_LinuxPids__Output } from './grpc/LinuxPids.ts';
import type { LinuxResources as _grpc_LinuxResources, LinuxResources__Output as _grpc_LinuxResources__Output } from './grpc/LinuxResources.ts';
import type { LinuxSeccomp as _grpc_LinuxSeccomp, LinuxSeccomp__Output as _grpc_LinuxSeccomp__Output } from './grpc/LinuxSeccomp.ts';
import type { LinuxSeccompArg as _grpc_LinuxSeccompArg, LinuxSeccompArg__Output as _grpc_LinuxSeccompArg__Output } from './grpc/LinuxSeccompArg.ts';
import type { LinuxSyscall as _grpc_LinuxSyscall, LinuxSyscall__Output as _grpc_LinuxSyscall__Output } from './grpc/LinuxSyscall.ts';
import type { LinuxThrottleDevice as _grpc_LinuxThrottleDevice, LinuxThrottleDevice__Output as _grpc_LinuxThrottleDevice__Output } from './grpc/LinuxThrottleDevice.ts';
import type { LinuxWeightDevice as _grpc_LinuxWeightDevice, LinuxWeightDevice__Output as _grpc_LinuxWeightDevice__Output } from './grpc/LinuxWeightDevice.ts';
import type { Mount as _grpc_Mount, Mount__Output as _grpc_Mount__Output } from './grpc/Mount.ts';
import type { OOMEvent as _grpc_OOMEvent, OOMEvent__Output as _grpc_OOMEvent__Output } from './grpc/OOMEvent.ts';
import type { POSIXRlimit as _grpc_POSIXRlimit, POSIXRlimit__Output as _grpc_POSIXRlimit__Output } from './grpc/POSIXRlimit.ts';
import type { PauseContainerRequest as _grpc_PauseContainerRequest, PauseContainerRequest__Output as _grpc_PauseContainerRequest__Output } from './grpc/PauseContainerRequest.ts';
import type { Process as _grpc_Process, Process__Output as _grpc_Process__Output } from './grpc/Process.ts';
import type { RemoveContainerRequest as _grpc_RemoveContainerRequest, RemoveContainerRequest__Output as _grpc_RemoveContainerRequest__Output } from './grpc/RemoveContainerRequest.ts';
import type { RemoveStaleVirtiofsShareMountsRequest as _grpc_RemoveStaleVirtiofsShareMountsRequest, RemoveStaleVirtiofsShareMountsRequest__Output as _grpc_RemoveStaleVirtiofsShareMountsRequest__Output } from './grpc/RemoveStaleVirtiofsShareMountsRequest.ts';
import type { ResumeContainerRequest as _grpc_ResumeContainerRequest, ResumeContainerRequest__Output as _grpc_ResumeContainerRequest__Output } from './grpc/ResumeContainerRequest.ts';
import type { Root as _grpc_Root, Root__Output as _grpc_Root__Output } from './grpc/Root.ts';
import type { SharedMount as _grpc_SharedMount, SharedMount__Output as _grpc_SharedMount__Output } from './grpc/SharedMount.ts';
import type { Solaris as _grpc_Solaris, Solaris__Output as _grpc_Solaris__Output } from './grpc/Solaris.ts';
import type { Spec as _grpc_Spec, Spec__Output as _grpc_Spec__Output } from './grpc/Spec.ts';
import type { StartContainerRequest as _grpc_StartContainerRequest, StartContainerRequest__Output as _grpc_StartContainerRequest__Output } from './grpc/StartContainerRequest.ts';
import type { Storage as _grpc_Storage, Storage__Output as _grpc_Storage__Output } from './grpc/Storage.ts';
import type { StringUser as _grpc_StringUser, StringUser__Output as _grpc_StringUser__Output } from './grpc/StringUser.ts';
import type { UpdateContainerRequest as _grpc_UpdateContainerRequest, UpdateContainerRequest__Output as _grpc_UpdateContainerRequest__Output } from './grpc/UpdateContainerRequest.ts';
import type { UpdateEphemeralMountsRequest as _grpc_UpdateEphemeralMountsRequest, UpdateEphemeralMountsRequest__Output as _grpc_UpdateEphemeralMountsRequest__Output } from './grpc/UpdateEphemeralMountsRequest.ts';
import type { User as _grpc_User, User__Output as _grpc_User__Output } from './grpc/User.ts';
import type { Windows as _grpc_Windows, Windows__Output as _grpc_Windows__Output } from './grpc/Windows.ts';
import type { ARPNeighbor as _types_ARPNeighbor, ARPNeighbor__Output as _types_ARPNeighbor__Output } from './types/ARPNeighbor.ts';
import type { IPAddress as _types_IPAddress, IPAddress__Output as _types_IPAddress__Output } from './types/IPAddress.ts';
import type { Interface as _types_Interface, Interface__Output as _types_Interface__Output } from './types/Interface.ts';
import type { Route as _types_Route, Route__Output as _types_Route__Output } from './types/Route.ts';

type SubtypeConstructor<Constructor extends new (...args: any) => any, Subtype> = {
  new(...args: ConstructorParameters<Constructor>): Subtype;
};

export interface ProtoGrpcType {
  grpc: {
    Box: MessageTypeDefinition<_grpc_Box, _grpc_Box__Output>
    CreateContainerRequest: MessageTypeDefinition<_grpc_CreateContainerRequest, _grpc_CreateContainerRequest__Output>
    Device: MessageTypeDefinition<_grpc_Device, _grpc_Device__Output>
    FSGroup: MessageTypeDefinition<_grpc_FSGroup, _grpc_FSGroup__Output>
    GetOOMEventRequest: MessageTypeDefinition<_grpc_GetOOMEventRequest, _grpc_GetOOMEventRequest__Output>
    Hook: MessageTypeDefinition<_grpc_Hook, _grpc_Hook__Output>
    Hooks: MessageTypeDefinition<_grpc_Hooks, _grpc_Hooks__Output>
    Linux: MessageTypeDefinition<_grpc_Linux, _grpc_Linux__Output>
    LinuxBlockIO: MessageTypeDefinition<_grpc_LinuxBlockIO, _grpc_LinuxBlockIO__Output>
    LinuxCPU: MessageTypeDefinition<_grpc_LinuxCPU, _grpc_LinuxCPU__Output>
    LinuxCapabilities: MessageTypeDefinition<_grpc_LinuxCapabilities, _grpc_LinuxCapabilities__Output>
    LinuxDevice: MessageTypeDefinition<_grpc_LinuxDevice, _grpc_LinuxDevice__Output>
    LinuxDeviceCgroup: MessageTypeDefinition<_grpc_LinuxDeviceCgroup, _grpc_LinuxDeviceCgroup__Output>
    LinuxHugepageLimit: MessageTypeDefinition<_grpc_LinuxHugepageLimit, _grpc_LinuxHugepageLimit__Output>
    LinuxIDMapping: MessageTypeDefinition<_grpc_LinuxIDMapping, _grpc_LinuxIDMapping__Output>
    LinuxIntelRdt: MessageTypeDefinition<_grpc_LinuxIntelRdt, _grpc_LinuxIntelRdt__Output>
    LinuxInterfacePriority: MessageTypeDefinition<_grpc_LinuxInterfacePriority, _grpc_LinuxInterfacePriority__Output>
    LinuxMemory: MessageTypeDefinition<_grpc_LinuxMemory, _grpc_LinuxMemory__Output>
    LinuxNamespace: MessageTypeDefinition<_grpc_LinuxNamespace, _grpc_LinuxNamespace__Output>
    LinuxNetwork: MessageTypeDefinition<_grpc_LinuxNetwork, _grpc_LinuxNetwork__Output>
    LinuxPids: MessageTypeDefinition<_grpc_LinuxPids, _grpc_LinuxPids__Output>
    LinuxResources: MessageTypeDefinition<_grpc_LinuxResources, _grpc_LinuxResources__Output>
    LinuxSeccomp: MessageTypeDefinition<_grpc_LinuxSeccomp, _grpc_LinuxSeccomp__Output>
    LinuxSeccompArg: MessageTypeDefinition<_grpc_LinuxSeccompArg, _grpc_LinuxSeccompArg__Output>
    LinuxSyscall: MessageTypeDefinition<_grpc_LinuxSyscall, _grpc_LinuxSyscall__Output>
    LinuxThrottleDevice: MessageTypeDefinition<_grpc_LinuxThrottleDevice, _grpc_LinuxThrottleDevice__Output>
    LinuxWeightDevice: MessageTypeDefinition<_grpc_LinuxWeightDevice, _grpc_LinuxWeightDevice__Output>
    Mount: MessageTypeDefinition<_grpc_Mount, _grpc_Mount__Output>
    OOMEvent: MessageTypeDefinition<_grpc_OOMEvent, _grpc_OOMEvent__Output>
    POSIXRlimit: MessageTypeDefinition<_grpc_POSIXRlimit, _grpc_POSIXRlimit__Output>
    PauseContainerRequest: MessageTypeDefinition<_grpc_PauseContainerRequest, _grpc_PauseContainerRequest__Output>
    Process: MessageTypeDefinition<_grpc_Process, _grpc_Process__Output>
    RemoveContainerRequest: MessageTypeDefinition<_grpc_RemoveContainerRequest, _grpc_RemoveContainerRequest__Output>
    RemoveStaleVirtiofsShareMountsRequest: MessageTypeDefinition<_grpc_RemoveStaleVirtiofsShareMountsRequest, _grpc_RemoveStaleVirtiofsShareMountsRequest__Output>
    ResumeContainerRequest: MessageTypeDefinition<_grpc_ResumeContainerRequest, _grpc_ResumeContainerRequest__Output>
    Root: MessageTypeDefinition<_grpc_Root, _grpc_Root__Output>
    SharedMount: MessageTypeDefinition<_grpc_SharedMount, _grpc_SharedMount__Output>
    Solaris: MessageTypeDefinition<_grpc_Solaris, _grpc_Solaris__Output>
    Spec: MessageTypeDefinition<_grpc_Spec, _grpc_Spec__Output>
    StartContainerRequest: MessageTypeDefinition<_grpc_StartContainerRequest, _grpc_StartContainerRequest__Output>
    Storage: MessageTypeDefinition<_grpc_Storage, _grpc_Storage__Output>
    StringUser: MessageTypeDefinition<_grpc_StringUser, _grpc_StringUser__Output>
    UpdateContainerRequest: MessageTypeDefinition<_grpc_UpdateContainerRequest, _grpc_UpdateContainerRequest__Output>
    UpdateEphemeralMountsRequest: MessageTypeDefinition<_grpc_UpdateEphemeralMountsRequest, _grpc_UpdateEphemeralMountsRequest__Output>
    User: MessageTypeDefinition<_grpc_User, _grpc_User__Output>
    Windows: MessageTypeDefinition<_grpc_Windows, _grpc_Windows__Output>
  }
  types: {
    ARPNeighbor: MessageTypeDefinition<_types_ARPNeighbor, _types_ARPNeighbor__Output>
    FSGroupChangePolicy: EnumTypeDefinition
    IPAddress: MessageTypeDefinition<_types_IPAddress, _types_IPAddress__Output>
    IPFamily: EnumTypeDefinition
    Interface: MessageTypeDefinition<_types_Interface, _types_Interface__Output>
    Route: MessageTypeDefinition<_types_Route, _types_Route__Output>
  }
}

