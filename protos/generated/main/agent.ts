import type * as grpc from '@grpc/grpc-js';
import type { EnumTypeDefinition, MessageTypeDefinition } from '@grpc/proto-loader';

import type { Empty as _google_protobuf_Empty, Empty__Output as _google_protobuf_Empty__Output } from './google/protobuf/Empty.ts';
import type { ARPNeighbors as _grpc_ARPNeighbors, ARPNeighbors__Output as _grpc_ARPNeighbors__Output } from './grpc/ARPNeighbors.ts';
import type { AddARPNeighborsRequest as _grpc_AddARPNeighborsRequest, AddARPNeighborsRequest__Output as _grpc_AddARPNeighborsRequest__Output } from './grpc/AddARPNeighborsRequest.ts';
import type { AddSwapPathRequest as _grpc_AddSwapPathRequest, AddSwapPathRequest__Output as _grpc_AddSwapPathRequest__Output } from './grpc/AddSwapPathRequest.ts';
import type { AddSwapRequest as _grpc_AddSwapRequest, AddSwapRequest__Output as _grpc_AddSwapRequest__Output } from './grpc/AddSwapRequest.ts';
import type { AgentDetails as _grpc_AgentDetails, AgentDetails__Output as _grpc_AgentDetails__Output } from './grpc/AgentDetails.ts';
import type { AgentServiceClient as _grpc_AgentServiceClient, AgentServiceDefinition as _grpc_AgentServiceDefinition } from './grpc/AgentService.ts';
import type { BlkioStats as _grpc_BlkioStats, BlkioStats__Output as _grpc_BlkioStats__Output } from './grpc/BlkioStats.ts';
import type { BlkioStatsEntry as _grpc_BlkioStatsEntry, BlkioStatsEntry__Output as _grpc_BlkioStatsEntry__Output } from './grpc/BlkioStatsEntry.ts';
import type { Box as _grpc_Box, Box__Output as _grpc_Box__Output } from './grpc/Box.ts';
import type { CgroupStats as _grpc_CgroupStats, CgroupStats__Output as _grpc_CgroupStats__Output } from './grpc/CgroupStats.ts';
import type { CloseStdinRequest as _grpc_CloseStdinRequest, CloseStdinRequest__Output as _grpc_CloseStdinRequest__Output } from './grpc/CloseStdinRequest.ts';
import type { CopyFileRequest as _grpc_CopyFileRequest, CopyFileRequest__Output as _grpc_CopyFileRequest__Output } from './grpc/CopyFileRequest.ts';
import type { CpuStats as _grpc_CpuStats, CpuStats__Output as _grpc_CpuStats__Output } from './grpc/CpuStats.ts';
import type { CpuUsage as _grpc_CpuUsage, CpuUsage__Output as _grpc_CpuUsage__Output } from './grpc/CpuUsage.ts';
import type { CreateContainerRequest as _grpc_CreateContainerRequest, CreateContainerRequest__Output as _grpc_CreateContainerRequest__Output } from './grpc/CreateContainerRequest.ts';
import type { CreateSandboxRequest as _grpc_CreateSandboxRequest, CreateSandboxRequest__Output as _grpc_CreateSandboxRequest__Output } from './grpc/CreateSandboxRequest.ts';
import type { DestroySandboxRequest as _grpc_DestroySandboxRequest, DestroySandboxRequest__Output as _grpc_DestroySandboxRequest__Output } from './grpc/DestroySandboxRequest.ts';
import type { Device as _grpc_Device, Device__Output as _grpc_Device__Output } from './grpc/Device.ts';
import type { ExecProcessRequest as _grpc_ExecProcessRequest, ExecProcessRequest__Output as _grpc_ExecProcessRequest__Output } from './grpc/ExecProcessRequest.ts';
import type { FSGroup as _grpc_FSGroup, FSGroup__Output as _grpc_FSGroup__Output } from './grpc/FSGroup.ts';
import type { GetDiagnosticDataRequest as _grpc_GetDiagnosticDataRequest, GetDiagnosticDataRequest__Output as _grpc_GetDiagnosticDataRequest__Output } from './grpc/GetDiagnosticDataRequest.ts';
import type { GetDiagnosticDataResponse as _grpc_GetDiagnosticDataResponse, GetDiagnosticDataResponse__Output as _grpc_GetDiagnosticDataResponse__Output } from './grpc/GetDiagnosticDataResponse.ts';
import type { GetIPTablesRequest as _grpc_GetIPTablesRequest, GetIPTablesRequest__Output as _grpc_GetIPTablesRequest__Output } from './grpc/GetIPTablesRequest.ts';
import type { GetIPTablesResponse as _grpc_GetIPTablesResponse, GetIPTablesResponse__Output as _grpc_GetIPTablesResponse__Output } from './grpc/GetIPTablesResponse.ts';
import type { GetMetricsRequest as _grpc_GetMetricsRequest, GetMetricsRequest__Output as _grpc_GetMetricsRequest__Output } from './grpc/GetMetricsRequest.ts';
import type { GetOOMEventRequest as _grpc_GetOOMEventRequest, GetOOMEventRequest__Output as _grpc_GetOOMEventRequest__Output } from './grpc/GetOOMEventRequest.ts';
import type { GuestDetailsRequest as _grpc_GuestDetailsRequest, GuestDetailsRequest__Output as _grpc_GuestDetailsRequest__Output } from './grpc/GuestDetailsRequest.ts';
import type { GuestDetailsResponse as _grpc_GuestDetailsResponse, GuestDetailsResponse__Output as _grpc_GuestDetailsResponse__Output } from './grpc/GuestDetailsResponse.ts';
import type { Hook as _grpc_Hook, Hook__Output as _grpc_Hook__Output } from './grpc/Hook.ts';
import type { Hooks as _grpc_Hooks, Hooks__Output as _grpc_Hooks__Output } from './grpc/Hooks.ts';
import type { HugetlbStats as _grpc_HugetlbStats, HugetlbStats__Output as _grpc_HugetlbStats__Output } from './grpc/HugetlbStats.ts';
import type { Interfaces as _grpc_Interfaces, Interfaces__Output as _grpc_Interfaces__Output } from './grpc/Interfaces.ts';
import type { KernelModule as _grpc_KernelModule, KernelModule__Output as _grpc_KernelModule__Output } from './grpc/KernelModule.ts';
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
import type { ListInterfacesRequest as _grpc_ListInterfacesRequest, ListInterfacesRequest__Output as _grpc_ListInterfacesRequest__Output } from './grpc/ListInterfacesRequest.ts';
import type { ListRoutesRequest as _grpc_ListRoutesRequest, ListRoutesRequest__Output as _grpc_ListRoutesRequest__Output } from './grpc/ListRoutesRequest.ts';
import type { MemAgentCompactConfig as _grpc_MemAgentCompactConfig, MemAgentCompactConfig__Output as _grpc_MemAgentCompactConfig__Output } from './grpc/MemAgentCompactConfig.ts';
import type { MemAgentMemcgConfig as _grpc_MemAgentMemcgConfig, MemAgentMemcgConfig__Output as _grpc_MemAgentMemcgConfig__Output } from './grpc/MemAgentMemcgConfig.ts';
import type { MemHotplugByProbeRequest as _grpc_MemHotplugByProbeRequest, MemHotplugByProbeRequest__Output as _grpc_MemHotplugByProbeRequest__Output } from './grpc/MemHotplugByProbeRequest.ts';
import type { MemoryData as _grpc_MemoryData, MemoryData__Output as _grpc_MemoryData__Output } from './grpc/MemoryData.ts';
import type { MemoryStats as _grpc_MemoryStats, MemoryStats__Output as _grpc_MemoryStats__Output } from './grpc/MemoryStats.ts';
import type { Metrics as _grpc_Metrics, Metrics__Output as _grpc_Metrics__Output } from './grpc/Metrics.ts';
import type { Mount as _grpc_Mount, Mount__Output as _grpc_Mount__Output } from './grpc/Mount.ts';
import type { NetworkStats as _grpc_NetworkStats, NetworkStats__Output as _grpc_NetworkStats__Output } from './grpc/NetworkStats.ts';
import type { OOMEvent as _grpc_OOMEvent, OOMEvent__Output as _grpc_OOMEvent__Output } from './grpc/OOMEvent.ts';
import type { OnlineCPUMemRequest as _grpc_OnlineCPUMemRequest, OnlineCPUMemRequest__Output as _grpc_OnlineCPUMemRequest__Output } from './grpc/OnlineCPUMemRequest.ts';
import type { POSIXRlimit as _grpc_POSIXRlimit, POSIXRlimit__Output as _grpc_POSIXRlimit__Output } from './grpc/POSIXRlimit.ts';
import type { PauseContainerRequest as _grpc_PauseContainerRequest, PauseContainerRequest__Output as _grpc_PauseContainerRequest__Output } from './grpc/PauseContainerRequest.ts';
import type { PidsStats as _grpc_PidsStats, PidsStats__Output as _grpc_PidsStats__Output } from './grpc/PidsStats.ts';
import type { Process as _grpc_Process, Process__Output as _grpc_Process__Output } from './grpc/Process.ts';
import type { ReadStreamRequest as _grpc_ReadStreamRequest, ReadStreamRequest__Output as _grpc_ReadStreamRequest__Output } from './grpc/ReadStreamRequest.ts';
import type { ReadStreamResponse as _grpc_ReadStreamResponse, ReadStreamResponse__Output as _grpc_ReadStreamResponse__Output } from './grpc/ReadStreamResponse.ts';
import type { RemoveContainerRequest as _grpc_RemoveContainerRequest, RemoveContainerRequest__Output as _grpc_RemoveContainerRequest__Output } from './grpc/RemoveContainerRequest.ts';
import type { RemoveStaleVirtiofsShareMountsRequest as _grpc_RemoveStaleVirtiofsShareMountsRequest, RemoveStaleVirtiofsShareMountsRequest__Output as _grpc_RemoveStaleVirtiofsShareMountsRequest__Output } from './grpc/RemoveStaleVirtiofsShareMountsRequest.ts';
import type { ReseedRandomDevRequest as _grpc_ReseedRandomDevRequest, ReseedRandomDevRequest__Output as _grpc_ReseedRandomDevRequest__Output } from './grpc/ReseedRandomDevRequest.ts';
import type { ResizeVolumeRequest as _grpc_ResizeVolumeRequest, ResizeVolumeRequest__Output as _grpc_ResizeVolumeRequest__Output } from './grpc/ResizeVolumeRequest.ts';
import type { ResumeContainerRequest as _grpc_ResumeContainerRequest, ResumeContainerRequest__Output as _grpc_ResumeContainerRequest__Output } from './grpc/ResumeContainerRequest.ts';
import type { Root as _grpc_Root, Root__Output as _grpc_Root__Output } from './grpc/Root.ts';
import type { Routes as _grpc_Routes, Routes__Output as _grpc_Routes__Output } from './grpc/Routes.ts';
import type { SetGuestDateTimeRequest as _grpc_SetGuestDateTimeRequest, SetGuestDateTimeRequest__Output as _grpc_SetGuestDateTimeRequest__Output } from './grpc/SetGuestDateTimeRequest.ts';
import type { SetIPTablesRequest as _grpc_SetIPTablesRequest, SetIPTablesRequest__Output as _grpc_SetIPTablesRequest__Output } from './grpc/SetIPTablesRequest.ts';
import type { SetIPTablesResponse as _grpc_SetIPTablesResponse, SetIPTablesResponse__Output as _grpc_SetIPTablesResponse__Output } from './grpc/SetIPTablesResponse.ts';
import type { SetPolicyRequest as _grpc_SetPolicyRequest, SetPolicyRequest__Output as _grpc_SetPolicyRequest__Output } from './grpc/SetPolicyRequest.ts';
import type { SharedMount as _grpc_SharedMount, SharedMount__Output as _grpc_SharedMount__Output } from './grpc/SharedMount.ts';
import type { SignalProcessRequest as _grpc_SignalProcessRequest, SignalProcessRequest__Output as _grpc_SignalProcessRequest__Output } from './grpc/SignalProcessRequest.ts';
import type { Solaris as _grpc_Solaris, Solaris__Output as _grpc_Solaris__Output } from './grpc/Solaris.ts';
import type { Spec as _grpc_Spec, Spec__Output as _grpc_Spec__Output } from './grpc/Spec.ts';
import type { StartContainerRequest as _grpc_StartContainerRequest, StartContainerRequest__Output as _grpc_StartContainerRequest__Output } from './grpc/StartContainerRequest.ts';
import type { StatsContainerRequest as _grpc_StatsContainerRequest, StatsContainerRequest__Output as _grpc_StatsContainerRequest__Output } from './grpc/StatsContainerRequest.ts';
import type { StatsContainerResponse as _grpc_StatsContainerResponse, StatsContainerResponse__Output as _grpc_StatsContainerResponse__Output } from './grpc/StatsContainerResponse.ts';
import type { Storage as _grpc_Storage, Storage__Output as _grpc_Storage__Output } from './grpc/Storage.ts';
import type { StringUser as _grpc_StringUser, StringUser__Output as _grpc_StringUser__Output } from './grpc/StringUser.ts';
import type { ThrottlingData as _grpc_ThrottlingData, ThrottlingData__Output as _grpc_ThrottlingData__Output } from './grpc/ThrottlingData.ts';
import type { TtyWinResizeRequest as _grpc_TtyWinResizeRequest, TtyWinResizeRequest__Output as _grpc_TtyWinResizeRequest__Output } from './grpc/TtyWinResizeRequest.ts';
import type { UpdateContainerRequest as _grpc_UpdateContainerRequest, UpdateContainerRequest__Output as _grpc_UpdateContainerRequest__Output } from './grpc/UpdateContainerRequest.ts';
import type { UpdateEphemeralMountsRequest as _grpc_UpdateEphemeralMountsRequest, UpdateEphemeralMountsRequest__Output as _grpc_UpdateEphemeralMountsRequest__Output } from './grpc/UpdateEphemeralMountsRequest.ts';
import type { UpdateInterfaceRequest as _grpc_UpdateInterfaceRequest, UpdateInterfaceRequest__Output as _grpc_UpdateInterfaceRequest__Output } from './grpc/UpdateInterfaceRequest.ts';
import type { UpdateRoutesRequest as _grpc_UpdateRoutesRequest, UpdateRoutesRequest__Output as _grpc_UpdateRoutesRequest__Output } from './grpc/UpdateRoutesRequest.ts';
import type { User as _grpc_User, User__Output as _grpc_User__Output } from './grpc/User.ts';
import type { VolumeCondition as _grpc_VolumeCondition, VolumeCondition__Output as _grpc_VolumeCondition__Output } from './grpc/VolumeCondition.ts';
import type { VolumeStatsRequest as _grpc_VolumeStatsRequest, VolumeStatsRequest__Output as _grpc_VolumeStatsRequest__Output } from './grpc/VolumeStatsRequest.ts';
import type { VolumeStatsResponse as _grpc_VolumeStatsResponse, VolumeStatsResponse__Output as _grpc_VolumeStatsResponse__Output } from './grpc/VolumeStatsResponse.ts';
import type { VolumeUsage as _grpc_VolumeUsage, VolumeUsage__Output as _grpc_VolumeUsage__Output } from './grpc/VolumeUsage.ts';
import type { WaitProcessRequest as _grpc_WaitProcessRequest, WaitProcessRequest__Output as _grpc_WaitProcessRequest__Output } from './grpc/WaitProcessRequest.ts';
import type { WaitProcessResponse as _grpc_WaitProcessResponse, WaitProcessResponse__Output as _grpc_WaitProcessResponse__Output } from './grpc/WaitProcessResponse.ts';
import type { Windows as _grpc_Windows, Windows__Output as _grpc_Windows__Output } from './grpc/Windows.ts';
import type { WriteStreamRequest as _grpc_WriteStreamRequest, WriteStreamRequest__Output as _grpc_WriteStreamRequest__Output } from './grpc/WriteStreamRequest.ts';
import type { WriteStreamResponse as _grpc_WriteStreamResponse, WriteStreamResponse__Output as _grpc_WriteStreamResponse__Output } from './grpc/WriteStreamResponse.ts';
import type { ARPNeighbor as _types_ARPNeighbor, ARPNeighbor__Output as _types_ARPNeighbor__Output } from './types/ARPNeighbor.ts';
import type { IPAddress as _types_IPAddress, IPAddress__Output as _types_IPAddress__Output } from './types/IPAddress.ts';
import type { Interface as _types_Interface, Interface__Output as _types_Interface__Output } from './types/Interface.ts';
import type { Route as _types_Route, Route__Output as _types_Route__Output } from './types/Route.ts';

type SubtypeConstructor<Constructor extends new (...args: any) => any, Subtype> = {
  new(...args: ConstructorParameters<Constructor>): Subtype;
};

export interface ProtoGrpcType {
  google: {
    protobuf: {
      Empty: MessageTypeDefinition<_google_protobuf_Empty, _google_protobuf_Empty__Output>
    }
  }
  grpc: {
    ARPNeighbors: MessageTypeDefinition<_grpc_ARPNeighbors, _grpc_ARPNeighbors__Output>
    AddARPNeighborsRequest: MessageTypeDefinition<_grpc_AddARPNeighborsRequest, _grpc_AddARPNeighborsRequest__Output>
    AddSwapPathRequest: MessageTypeDefinition<_grpc_AddSwapPathRequest, _grpc_AddSwapPathRequest__Output>
    AddSwapRequest: MessageTypeDefinition<_grpc_AddSwapRequest, _grpc_AddSwapRequest__Output>
    AgentDetails: MessageTypeDefinition<_grpc_AgentDetails, _grpc_AgentDetails__Output>
    AgentService: SubtypeConstructor<typeof grpc.Client, _grpc_AgentServiceClient> & { service: _grpc_AgentServiceDefinition }
    BlkioStats: MessageTypeDefinition<_grpc_BlkioStats, _grpc_BlkioStats__Output>
    BlkioStatsEntry: MessageTypeDefinition<_grpc_BlkioStatsEntry, _grpc_BlkioStatsEntry__Output>
    Box: MessageTypeDefinition<_grpc_Box, _grpc_Box__Output>
    CgroupStats: MessageTypeDefinition<_grpc_CgroupStats, _grpc_CgroupStats__Output>
    CloseStdinRequest: MessageTypeDefinition<_grpc_CloseStdinRequest, _grpc_CloseStdinRequest__Output>
    CopyFileRequest: MessageTypeDefinition<_grpc_CopyFileRequest, _grpc_CopyFileRequest__Output>
    CpuStats: MessageTypeDefinition<_grpc_CpuStats, _grpc_CpuStats__Output>
    CpuUsage: MessageTypeDefinition<_grpc_CpuUsage, _grpc_CpuUsage__Output>
    CreateContainerRequest: MessageTypeDefinition<_grpc_CreateContainerRequest, _grpc_CreateContainerRequest__Output>
    CreateSandboxRequest: MessageTypeDefinition<_grpc_CreateSandboxRequest, _grpc_CreateSandboxRequest__Output>
    DestroySandboxRequest: MessageTypeDefinition<_grpc_DestroySandboxRequest, _grpc_DestroySandboxRequest__Output>
    Device: MessageTypeDefinition<_grpc_Device, _grpc_Device__Output>
    ExecProcessRequest: MessageTypeDefinition<_grpc_ExecProcessRequest, _grpc_ExecProcessRequest__Output>
    FSGroup: MessageTypeDefinition<_grpc_FSGroup, _grpc_FSGroup__Output>
    GetDiagnosticDataRequest: MessageTypeDefinition<_grpc_GetDiagnosticDataRequest, _grpc_GetDiagnosticDataRequest__Output>
    GetDiagnosticDataResponse: MessageTypeDefinition<_grpc_GetDiagnosticDataResponse, _grpc_GetDiagnosticDataResponse__Output>
    GetIPTablesRequest: MessageTypeDefinition<_grpc_GetIPTablesRequest, _grpc_GetIPTablesRequest__Output>
    GetIPTablesResponse: MessageTypeDefinition<_grpc_GetIPTablesResponse, _grpc_GetIPTablesResponse__Output>
    GetMetricsRequest: MessageTypeDefinition<_grpc_GetMetricsRequest, _grpc_GetMetricsRequest__Output>
    GetOOMEventRequest: MessageTypeDefinition<_grpc_GetOOMEventRequest, _grpc_GetOOMEventRequest__Output>
    GuestDetailsRequest: MessageTypeDefinition<_grpc_GuestDetailsRequest, _grpc_GuestDetailsRequest__Output>
    GuestDetailsResponse: MessageTypeDefinition<_grpc_GuestDetailsResponse, _grpc_GuestDetailsResponse__Output>
    Hook: MessageTypeDefinition<_grpc_Hook, _grpc_Hook__Output>
    Hooks: MessageTypeDefinition<_grpc_Hooks, _grpc_Hooks__Output>
    HugetlbStats: MessageTypeDefinition<_grpc_HugetlbStats, _grpc_HugetlbStats__Output>
    Interfaces: MessageTypeDefinition<_grpc_Interfaces, _grpc_Interfaces__Output>
    KernelModule: MessageTypeDefinition<_grpc_KernelModule, _grpc_KernelModule__Output>
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
    ListInterfacesRequest: MessageTypeDefinition<_grpc_ListInterfacesRequest, _grpc_ListInterfacesRequest__Output>
    ListRoutesRequest: MessageTypeDefinition<_grpc_ListRoutesRequest, _grpc_ListRoutesRequest__Output>
    MemAgentCompactConfig: MessageTypeDefinition<_grpc_MemAgentCompactConfig, _grpc_MemAgentCompactConfig__Output>
    MemAgentMemcgConfig: MessageTypeDefinition<_grpc_MemAgentMemcgConfig, _grpc_MemAgentMemcgConfig__Output>
    MemHotplugByProbeRequest: MessageTypeDefinition<_grpc_MemHotplugByProbeRequest, _grpc_MemHotplugByProbeRequest__Output>
    MemoryData: MessageTypeDefinition<_grpc_MemoryData, _grpc_MemoryData__Output>
    MemoryStats: MessageTypeDefinition<_grpc_MemoryStats, _grpc_MemoryStats__Output>
    Metrics: MessageTypeDefinition<_grpc_Metrics, _grpc_Metrics__Output>
    Mount: MessageTypeDefinition<_grpc_Mount, _grpc_Mount__Output>
    NetworkStats: MessageTypeDefinition<_grpc_NetworkStats, _grpc_NetworkStats__Output>
    OOMEvent: MessageTypeDefinition<_grpc_OOMEvent, _grpc_OOMEvent__Output>
    OnlineCPUMemRequest: MessageTypeDefinition<_grpc_OnlineCPUMemRequest, _grpc_OnlineCPUMemRequest__Output>
    POSIXRlimit: MessageTypeDefinition<_grpc_POSIXRlimit, _grpc_POSIXRlimit__Output>
    PauseContainerRequest: MessageTypeDefinition<_grpc_PauseContainerRequest, _grpc_PauseContainerRequest__Output>
    PidsStats: MessageTypeDefinition<_grpc_PidsStats, _grpc_PidsStats__Output>
    Process: MessageTypeDefinition<_grpc_Process, _grpc_Process__Output>
    ReadStreamRequest: MessageTypeDefinition<_grpc_ReadStreamRequest, _grpc_ReadStreamRequest__Output>
    ReadStreamResponse: MessageTypeDefinition<_grpc_ReadStreamResponse, _grpc_ReadStreamResponse__Output>
    RemoveContainerRequest: MessageTypeDefinition<_grpc_RemoveContainerRequest, _grpc_RemoveContainerRequest__Output>
    RemoveStaleVirtiofsShareMountsRequest: MessageTypeDefinition<_grpc_RemoveStaleVirtiofsShareMountsRequest, _grpc_RemoveStaleVirtiofsShareMountsRequest__Output>
    ReseedRandomDevRequest: MessageTypeDefinition<_grpc_ReseedRandomDevRequest, _grpc_ReseedRandomDevRequest__Output>
    ResizeVolumeRequest: MessageTypeDefinition<_grpc_ResizeVolumeRequest, _grpc_ResizeVolumeRequest__Output>
    ResumeContainerRequest: MessageTypeDefinition<_grpc_ResumeContainerRequest, _grpc_ResumeContainerRequest__Output>
    Root: MessageTypeDefinition<_grpc_Root, _grpc_Root__Output>
    Routes: MessageTypeDefinition<_grpc_Routes, _grpc_Routes__Output>
    SetGuestDateTimeRequest: MessageTypeDefinition<_grpc_SetGuestDateTimeRequest, _grpc_SetGuestDateTimeRequest__Output>
    SetIPTablesRequest: MessageTypeDefinition<_grpc_SetIPTablesRequest, _grpc_SetIPTablesRequest__Output>
    SetIPTablesResponse: MessageTypeDefinition<_grpc_SetIPTablesResponse, _grpc_SetIPTablesResponse__Output>
    SetPolicyRequest: MessageTypeDefinition<_grpc_SetPolicyRequest, _grpc_SetPolicyRequest__Output>
    SharedMount: MessageTypeDefinition<_grpc_SharedMount, _grpc_SharedMount__Output>
    SignalProcessRequest: MessageTypeDefinition<_grpc_SignalProcessRequest, _grpc_SignalProcessRequest__Output>
    Solaris: MessageTypeDefinition<_grpc_Solaris, _grpc_Solaris__Output>
    Spec: MessageTypeDefinition<_grpc_Spec, _grpc_Spec__Output>
    StartContainerRequest: MessageTypeDefinition<_grpc_StartContainerRequest, _grpc_StartContainerRequest__Output>
    StatsContainerRequest: MessageTypeDefinition<_grpc_StatsContainerRequest, _grpc_StatsContainerRequest__Output>
    StatsContainerResponse: MessageTypeDefinition<_grpc_StatsContainerResponse, _grpc_StatsContainerResponse__Output>
    Storage: MessageTypeDefinition<_grpc_Storage, _grpc_Storage__Output>
    StringUser: MessageTypeDefinition<_grpc_StringUser, _grpc_StringUser__Output>
    ThrottlingData: MessageTypeDefinition<_grpc_ThrottlingData, _grpc_ThrottlingData__Output>
    TtyWinResizeRequest: MessageTypeDefinition<_grpc_TtyWinResizeRequest, _grpc_TtyWinResizeRequest__Output>
    UpdateContainerRequest: MessageTypeDefinition<_grpc_UpdateContainerRequest, _grpc_UpdateContainerRequest__Output>
    UpdateEphemeralMountsRequest: MessageTypeDefinition<_grpc_UpdateEphemeralMountsRequest, _grpc_UpdateEphemeralMountsRequest__Output>
    UpdateInterfaceRequest: MessageTypeDefinition<_grpc_UpdateInterfaceRequest, _grpc_UpdateInterfaceRequest__Output>
    UpdateRoutesRequest: MessageTypeDefinition<_grpc_UpdateRoutesRequest, _grpc_UpdateRoutesRequest__Output>
    User: MessageTypeDefinition<_grpc_User, _grpc_User__Output>
    VolumeCondition: MessageTypeDefinition<_grpc_VolumeCondition, _grpc_VolumeCondition__Output>
    VolumeStatsRequest: MessageTypeDefinition<_grpc_VolumeStatsRequest, _grpc_VolumeStatsRequest__Output>
    VolumeStatsResponse: MessageTypeDefinition<_grpc_VolumeStatsResponse, _grpc_VolumeStatsResponse__Output>
    VolumeUsage: MessageTypeDefinition<_grpc_VolumeUsage, _grpc_VolumeUsage__Output>
    WaitProcessRequest: MessageTypeDefinition<_grpc_WaitProcessRequest, _grpc_WaitProcessRequest__Output>
    WaitProcessResponse: MessageTypeDefinition<_grpc_WaitProcessResponse, _grpc_WaitProcessResponse__Output>
    Windows: MessageTypeDefinition<_grpc_Windows, _grpc_Windows__Output>
    WriteStreamRequest: MessageTypeDefinition<_grpc_WriteStreamRequest, _grpc_WriteStreamRequest__Output>
    WriteStreamResponse: MessageTypeDefinition<_grpc_WriteStreamResponse, _grpc_WriteStreamResponse__Output>
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

