// Original file: skopeo/agent.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { AddARPNeighborsRequest as _grpc_AddARPNeighborsRequest, AddARPNeighborsRequest__Output as _grpc_AddARPNeighborsRequest__Output } from '../grpc/AddARPNeighborsRequest.ts';
import type { AddSwapRequest as _grpc_AddSwapRequest, AddSwapRequest__Output as _grpc_AddSwapRequest__Output } from '../grpc/AddSwapRequest.ts';
import type { CloseStdinRequest as _grpc_CloseStdinRequest, CloseStdinRequest__Output as _grpc_CloseStdinRequest__Output } from '../grpc/CloseStdinRequest.ts';
import type { CopyFileRequest as _grpc_CopyFileRequest, CopyFileRequest__Output as _grpc_CopyFileRequest__Output } from '../grpc/CopyFileRequest.ts';
import type { CreateContainerRequest as _grpc_CreateContainerRequest, CreateContainerRequest__Output as _grpc_CreateContainerRequest__Output } from '../grpc/CreateContainerRequest.ts';
import type { CreateSandboxRequest as _grpc_CreateSandboxRequest, CreateSandboxRequest__Output as _grpc_CreateSandboxRequest__Output } from '../grpc/CreateSandboxRequest.ts';
import type { DestroySandboxRequest as _grpc_DestroySandboxRequest, DestroySandboxRequest__Output as _grpc_DestroySandboxRequest__Output } from '../grpc/DestroySandboxRequest.ts';
import type { Empty as _google_protobuf_Empty, Empty__Output as _google_protobuf_Empty__Output } from '../google/protobuf/Empty.ts';
import type { ExecProcessRequest as _grpc_ExecProcessRequest, ExecProcessRequest__Output as _grpc_ExecProcessRequest__Output } from '../grpc/ExecProcessRequest.ts';
import type { GetMetricsRequest as _grpc_GetMetricsRequest, GetMetricsRequest__Output as _grpc_GetMetricsRequest__Output } from '../grpc/GetMetricsRequest.ts';
import type { GetOOMEventRequest as _grpc_GetOOMEventRequest, GetOOMEventRequest__Output as _grpc_GetOOMEventRequest__Output } from '../grpc/GetOOMEventRequest.ts';
import type { GuestDetailsRequest as _grpc_GuestDetailsRequest, GuestDetailsRequest__Output as _grpc_GuestDetailsRequest__Output } from '../grpc/GuestDetailsRequest.ts';
import type { GuestDetailsResponse as _grpc_GuestDetailsResponse, GuestDetailsResponse__Output as _grpc_GuestDetailsResponse__Output } from '../grpc/GuestDetailsResponse.ts';
import type { Interface as _types_Interface, Interface__Output as _types_Interface__Output } from '../types/Interface.ts';
import type { Interfaces as _grpc_Interfaces, Interfaces__Output as _grpc_Interfaces__Output } from '../grpc/Interfaces.ts';
import type { ListInterfacesRequest as _grpc_ListInterfacesRequest, ListInterfacesRequest__Output as _grpc_ListInterfacesRequest__Output } from '../grpc/ListInterfacesRequest.ts';
import type { ListRoutesRequest as _grpc_ListRoutesRequest, ListRoutesRequest__Output as _grpc_ListRoutesRequest__Output } from '../grpc/ListRoutesRequest.ts';
import type { MemHotplugByProbeRequest as _grpc_MemHotplugByProbeRequest, MemHotplugByProbeRequest__Output as _grpc_MemHotplugByProbeRequest__Output } from '../grpc/MemHotplugByProbeRequest.ts';
import type { Metrics as _grpc_Metrics, Metrics__Output as _grpc_Metrics__Output } from '../grpc/Metrics.ts';
import type { OOMEvent as _grpc_OOMEvent, OOMEvent__Output as _grpc_OOMEvent__Output } from '../grpc/OOMEvent.ts';
import type { OnlineCPUMemRequest as _grpc_OnlineCPUMemRequest, OnlineCPUMemRequest__Output as _grpc_OnlineCPUMemRequest__Output } from '../grpc/OnlineCPUMemRequest.ts';
import type { PauseContainerRequest as _grpc_PauseContainerRequest, PauseContainerRequest__Output as _grpc_PauseContainerRequest__Output } from '../grpc/PauseContainerRequest.ts';
import type { ReadStreamRequest as _grpc_ReadStreamRequest, ReadStreamRequest__Output as _grpc_ReadStreamRequest__Output } from '../grpc/ReadStreamRequest.ts';
import type { ReadStreamResponse as _grpc_ReadStreamResponse, ReadStreamResponse__Output as _grpc_ReadStreamResponse__Output } from '../grpc/ReadStreamResponse.ts';
import type { RemoveContainerRequest as _grpc_RemoveContainerRequest, RemoveContainerRequest__Output as _grpc_RemoveContainerRequest__Output } from '../grpc/RemoveContainerRequest.ts';
import type { ReseedRandomDevRequest as _grpc_ReseedRandomDevRequest, ReseedRandomDevRequest__Output as _grpc_ReseedRandomDevRequest__Output } from '../grpc/ReseedRandomDevRequest.ts';
import type { ResumeContainerRequest as _grpc_ResumeContainerRequest, ResumeContainerRequest__Output as _grpc_ResumeContainerRequest__Output } from '../grpc/ResumeContainerRequest.ts';
import type { Routes as _grpc_Routes, Routes__Output as _grpc_Routes__Output } from '../grpc/Routes.ts';
import type { SetGuestDateTimeRequest as _grpc_SetGuestDateTimeRequest, SetGuestDateTimeRequest__Output as _grpc_SetGuestDateTimeRequest__Output } from '../grpc/SetGuestDateTimeRequest.ts';
import type { SignalProcessRequest as _grpc_SignalProcessRequest, SignalProcessRequest__Output as _grpc_SignalProcessRequest__Output } from '../grpc/SignalProcessRequest.ts';
import type { StartContainerRequest as _grpc_StartContainerRequest, StartContainerRequest__Output as _grpc_StartContainerRequest__Output } from '../grpc/StartContainerRequest.ts';
import type { StatsContainerRequest as _grpc_StatsContainerRequest, StatsContainerRequest__Output as _grpc_StatsContainerRequest__Output } from '../grpc/StatsContainerRequest.ts';
import type { StatsContainerResponse as _grpc_StatsContainerResponse, StatsContainerResponse__Output as _grpc_StatsContainerResponse__Output } from '../grpc/StatsContainerResponse.ts';
import type { TtyWinResizeRequest as _grpc_TtyWinResizeRequest, TtyWinResizeRequest__Output as _grpc_TtyWinResizeRequest__Output } from '../grpc/TtyWinResizeRequest.ts';
import type { UpdateContainerRequest as _grpc_UpdateContainerRequest, UpdateContainerRequest__Output as _grpc_UpdateContainerRequest__Output } from '../grpc/UpdateContainerRequest.ts';
import type { UpdateInterfaceRequest as _grpc_UpdateInterfaceRequest, UpdateInterfaceRequest__Output as _grpc_UpdateInterfaceRequest__Output } from '../grpc/UpdateInterfaceRequest.ts';
import type { UpdateRoutesRequest as _grpc_UpdateRoutesRequest, UpdateRoutesRequest__Output as _grpc_UpdateRoutesRequest__Output } from '../grpc/UpdateRoutesRequest.ts';
import type { WaitProcessRequest as _grpc_WaitProcessRequest, WaitProcessRequest__Output as _grpc_WaitProcessRequest__Output } from '../grpc/WaitProcessRequest.ts';
import type { WaitProcessResponse as _grpc_WaitProcessResponse, WaitProcessResponse__Output as _grpc_WaitProcessResponse__Output } from '../grpc/WaitProcessResponse.ts';
import type { WriteStreamRequest as _grpc_WriteStreamRequest, WriteStreamRequest__Output as _grpc_WriteStreamRequest__Output } from '../grpc/WriteStreamRequest.ts';
import type { WriteStreamResponse as _grpc_WriteStreamResponse, WriteStreamResponse__Output as _grpc_WriteStreamResponse__Output } from '../grpc/WriteStreamResponse.ts';

export interface AgentServiceClient extends grpc.Client {
  AddARPNeighbors(argument: _grpc_AddARPNeighborsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  AddARPNeighbors(argument: _grpc_AddARPNeighborsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  AddARPNeighbors(argument: _grpc_AddARPNeighborsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  AddARPNeighbors(argument: _grpc_AddARPNeighborsRequest, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  addArpNeighbors(argument: _grpc_AddARPNeighborsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  addArpNeighbors(argument: _grpc_AddARPNeighborsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  addArpNeighbors(argument: _grpc_AddARPNeighborsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  addArpNeighbors(argument: _grpc_AddARPNeighborsRequest, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  
  AddSwap(argument: _grpc_AddSwapRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  AddSwap(argument: _grpc_AddSwapRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  AddSwap(argument: _grpc_AddSwapRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  AddSwap(argument: _grpc_AddSwapRequest, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  addSwap(argument: _grpc_AddSwapRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  addSwap(argument: _grpc_AddSwapRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  addSwap(argument: _grpc_AddSwapRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  addSwap(argument: _grpc_AddSwapRequest, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  
  CloseStdin(argument: _grpc_CloseStdinRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  CloseStdin(argument: _grpc_CloseStdinRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  CloseStdin(argument: _grpc_CloseStdinRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  CloseStdin(argument: _grpc_CloseStdinRequest, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  closeStdin(argument: _grpc_CloseStdinRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  closeStdin(argument: _grpc_CloseStdinRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  closeStdin(argument: _grpc_CloseStdinRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  closeStdin(argument: _grpc_CloseStdinRequest, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  
  CopyFile(argument: _grpc_CopyFileRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  CopyFile(argument: _grpc_CopyFileRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  CopyFile(argument: _grpc_CopyFileRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  CopyFile(argument: _grpc_CopyFileRequest, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  copyFile(argument: _grpc_CopyFileRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  copyFile(argument: _grpc_CopyFileRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  copyFile(argument: _grpc_CopyFileRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  copyFile(argument: _grpc_CopyFileRequest, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  
  CreateContainer(argument: _grpc_CreateContainerRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  CreateContainer(argument: _grpc_CreateContainerRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  CreateContainer(argument: _grpc_CreateContainerRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  CreateContainer(argument: _grpc_CreateContainerRequest, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  createContainer(argument: _grpc_CreateContainerRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  createContainer(argument: _grpc_CreateContainerRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  createContainer(argument: _grpc_CreateContainerRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  createContainer(argument: _grpc_CreateContainerRequest, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  
  CreateSandbox(argument: _grpc_CreateSandboxRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  CreateSandbox(argument: _grpc_CreateSandboxRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  CreateSandbox(argument: _grpc_CreateSandboxRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  CreateSandbox(argument: _grpc_CreateSandboxRequest, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  createSandbox(argument: _grpc_CreateSandboxRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  createSandbox(argument: _grpc_CreateSandboxRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  createSandbox(argument: _grpc_CreateSandboxRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  createSandbox(argument: _grpc_CreateSandboxRequest, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  
  DestroySandbox(argument: _grpc_DestroySandboxRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  DestroySandbox(argument: _grpc_DestroySandboxRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  DestroySandbox(argument: _grpc_DestroySandboxRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  DestroySandbox(argument: _grpc_DestroySandboxRequest, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  destroySandbox(argument: _grpc_DestroySandboxRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  destroySandbox(argument: _grpc_DestroySandboxRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  destroySandbox(argument: _grpc_DestroySandboxRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  destroySandbox(argument: _grpc_DestroySandboxRequest, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  
  ExecProcess(argument: _grpc_ExecProcessRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  ExecProcess(argument: _grpc_ExecProcessRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  ExecProcess(argument: _grpc_ExecProcessRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  ExecProcess(argument: _grpc_ExecProcessRequest, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  execProcess(argument: _grpc_ExecProcessRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  execProcess(argument: _grpc_ExecProcessRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  execProcess(argument: _grpc_ExecProcessRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  execProcess(argument: _grpc_ExecProcessRequest, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  
  GetGuestDetails(argument: _grpc_GuestDetailsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_grpc_GuestDetailsResponse__Output>): grpc.ClientUnaryCall;
  GetGuestDetails(argument: _grpc_GuestDetailsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_grpc_GuestDetailsResponse__Output>): grpc.ClientUnaryCall;
  GetGuestDetails(argument: _grpc_GuestDetailsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_grpc_GuestDetailsResponse__Output>): grpc.ClientUnaryCall;
  GetGuestDetails(argument: _grpc_GuestDetailsRequest, callback: grpc.requestCallback<_grpc_GuestDetailsResponse__Output>): grpc.ClientUnaryCall;
  getGuestDetails(argument: _grpc_GuestDetailsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_grpc_GuestDetailsResponse__Output>): grpc.ClientUnaryCall;
  getGuestDetails(argument: _grpc_GuestDetailsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_grpc_GuestDetailsResponse__Output>): grpc.ClientUnaryCall;
  getGuestDetails(argument: _grpc_GuestDetailsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_grpc_GuestDetailsResponse__Output>): grpc.ClientUnaryCall;
  getGuestDetails(argument: _grpc_GuestDetailsRequest, callback: grpc.requestCallback<_grpc_GuestDetailsResponse__Output>): grpc.ClientUnaryCall;
  
  GetMetrics(argument: _grpc_GetMetricsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_grpc_Metrics__Output>): grpc.ClientUnaryCall;
  GetMetrics(argument: _grpc_GetMetricsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_grpc_Metrics__Output>): grpc.ClientUnaryCall;
  GetMetrics(argument: _grpc_GetMetricsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_grpc_Metrics__Output>): grpc.ClientUnaryCall;
  GetMetrics(argument: _grpc_GetMetricsRequest, callback: grpc.requestCallback<_grpc_Metrics__Output>): grpc.ClientUnaryCall;
  getMetrics(argument: _grpc_GetMetricsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_grpc_Metrics__Output>): grpc.ClientUnaryCall;
  getMetrics(argument: _grpc_GetMetricsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_grpc_Metrics__Output>): grpc.ClientUnaryCall;
  getMetrics(argument: _grpc_GetMetricsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_grpc_Metrics__Output>): grpc.ClientUnaryCall;
  getMetrics(argument: _grpc_GetMetricsRequest, callback: grpc.requestCallback<_grpc_Metrics__Output>): grpc.ClientUnaryCall;
  
  GetOOMEvent(argument: _grpc_GetOOMEventRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_grpc_OOMEvent__Output>): grpc.ClientUnaryCall;
  GetOOMEvent(argument: _grpc_GetOOMEventRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_grpc_OOMEvent__Output>): grpc.ClientUnaryCall;
  GetOOMEvent(argument: _grpc_GetOOMEventRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_grpc_OOMEvent__Output>): grpc.ClientUnaryCall;
  GetOOMEvent(argument: _grpc_GetOOMEventRequest, callback: grpc.requestCallback<_grpc_OOMEvent__Output>): grpc.ClientUnaryCall;
  getOomEvent(argument: _grpc_GetOOMEventRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_grpc_OOMEvent__Output>): grpc.ClientUnaryCall;
  getOomEvent(argument: _grpc_GetOOMEventRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_grpc_OOMEvent__Output>): grpc.ClientUnaryCall;
  getOomEvent(argument: _grpc_GetOOMEventRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_grpc_OOMEvent__Output>): grpc.ClientUnaryCall;
  getOomEvent(argument: _grpc_GetOOMEventRequest, callback: grpc.requestCallback<_grpc_OOMEvent__Output>): grpc.ClientUnaryCall;
  
  ListInterfaces(argument: _grpc_ListInterfacesRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_grpc_Interfaces__Output>): grpc.ClientUnaryCall;
  ListInterfaces(argument: _grpc_ListInterfacesRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_grpc_Interfaces__Output>): grpc.ClientUnaryCall;
  ListInterfaces(argument: _grpc_ListInterfacesRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_grpc_Interfaces__Output>): grpc.ClientUnaryCall;
  ListInterfaces(argument: _grpc_ListInterfacesRequest, callback: grpc.requestCallback<_grpc_Interfaces__Output>): grpc.ClientUnaryCall;
  listInterfaces(argument: _grpc_ListInterfacesRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_grpc_Interfaces__Output>): grpc.ClientUnaryCall;
  listInterfaces(argument: _grpc_ListInterfacesRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_grpc_Interfaces__Output>): grpc.ClientUnaryCall;
  listInterfaces(argument: _grpc_ListInterfacesRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_grpc_Interfaces__Output>): grpc.ClientUnaryCall;
  listInterfaces(argument: _grpc_ListInterfacesRequest, callback: grpc.requestCallback<_grpc_Interfaces__Output>): grpc.ClientUnaryCall;
  
  ListRoutes(argument: _grpc_ListRoutesRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_grpc_Routes__Output>): grpc.ClientUnaryCall;
  ListRoutes(argument: _grpc_ListRoutesRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_grpc_Routes__Output>): grpc.ClientUnaryCall;
  ListRoutes(argument: _grpc_ListRoutesRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_grpc_Routes__Output>): grpc.ClientUnaryCall;
  ListRoutes(argument: _grpc_ListRoutesRequest, callback: grpc.requestCallback<_grpc_Routes__Output>): grpc.ClientUnaryCall;
  listRoutes(argument: _grpc_ListRoutesRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_grpc_Routes__Output>): grpc.ClientUnaryCall;
  listRoutes(argument: _grpc_ListRoutesRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_grpc_Routes__Output>): grpc.ClientUnaryCall;
  listRoutes(argument: _grpc_ListRoutesRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_grpc_Routes__Output>): grpc.ClientUnaryCall;
  listRoutes(argument: _grpc_ListRoutesRequest, callback: grpc.requestCallback<_grpc_Routes__Output>): grpc.ClientUnaryCall;
  
  MemHotplugByProbe(argument: _grpc_MemHotplugByProbeRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  MemHotplugByProbe(argument: _grpc_MemHotplugByProbeRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  MemHotplugByProbe(argument: _grpc_MemHotplugByProbeRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  MemHotplugByProbe(argument: _grpc_MemHotplugByProbeRequest, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  memHotplugByProbe(argument: _grpc_MemHotplugByProbeRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  memHotplugByProbe(argument: _grpc_MemHotplugByProbeRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  memHotplugByProbe(argument: _grpc_MemHotplugByProbeRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  memHotplugByProbe(argument: _grpc_MemHotplugByProbeRequest, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  
  OnlineCPUMem(argument: _grpc_OnlineCPUMemRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  OnlineCPUMem(argument: _grpc_OnlineCPUMemRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  OnlineCPUMem(argument: _grpc_OnlineCPUMemRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  OnlineCPUMem(argument: _grpc_OnlineCPUMemRequest, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  onlineCpuMem(argument: _grpc_OnlineCPUMemRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  onlineCpuMem(argument: _grpc_OnlineCPUMemRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  onlineCpuMem(argument: _grpc_OnlineCPUMemRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  onlineCpuMem(argument: _grpc_OnlineCPUMemRequest, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  
  PauseContainer(argument: _grpc_PauseContainerRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  PauseContainer(argument: _grpc_PauseContainerRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  PauseContainer(argument: _grpc_PauseContainerRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  PauseContainer(argument: _grpc_PauseContainerRequest, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  pauseContainer(argument: _grpc_PauseContainerRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  pauseContainer(argument: _grpc_PauseContainerRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  pauseContainer(argument: _grpc_PauseContainerRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  pauseContainer(argument: _grpc_PauseContainerRequest, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  
  ReadStderr(argument: _grpc_ReadStreamRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_grpc_ReadStreamResponse__Output>): grpc.ClientUnaryCall;
  ReadStderr(argument: _grpc_ReadStreamRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_grpc_ReadStreamResponse__Output>): grpc.ClientUnaryCall;
  ReadStderr(argument: _grpc_ReadStreamRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_grpc_ReadStreamResponse__Output>): grpc.ClientUnaryCall;
  ReadStderr(argument: _grpc_ReadStreamRequest, callback: grpc.requestCallback<_grpc_ReadStreamResponse__Output>): grpc.ClientUnaryCall;
  readStderr(argument: _grpc_ReadStreamRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_grpc_ReadStreamResponse__Output>): grpc.ClientUnaryCall;
  readStderr(argument: _grpc_ReadStreamRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_grpc_ReadStreamResponse__Output>): grpc.ClientUnaryCall;
  readStderr(argument: _grpc_ReadStreamRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_grpc_ReadStreamResponse__Output>): grpc.ClientUnaryCall;
  readStderr(argument: _grpc_ReadStreamRequest, callback: grpc.requestCallback<_grpc_ReadStreamResponse__Output>): grpc.ClientUnaryCall;
  
  ReadStdout(argument: _grpc_ReadStreamRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_grpc_ReadStreamResponse__Output>): grpc.ClientUnaryCall;
  ReadStdout(argument: _grpc_ReadStreamRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_grpc_ReadStreamResponse__Output>): grpc.ClientUnaryCall;
  ReadStdout(argument: _grpc_ReadStreamRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_grpc_ReadStreamResponse__Output>): grpc.ClientUnaryCall;
  ReadStdout(argument: _grpc_ReadStreamRequest, callback: grpc.requestCallback<_grpc_ReadStreamResponse__Output>): grpc.ClientUnaryCall;
  readStdout(argument: _grpc_ReadStreamRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_grpc_ReadStreamResponse__Output>): grpc.ClientUnaryCall;
  readStdout(argument: _grpc_ReadStreamRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_grpc_ReadStreamResponse__Output>): grpc.ClientUnaryCall;
  readStdout(argument: _grpc_ReadStreamRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_grpc_ReadStreamResponse__Output>): grpc.ClientUnaryCall;
  readStdout(argument: _grpc_ReadStreamRequest, callback: grpc.requestCallback<_grpc_ReadStreamResponse__Output>): grpc.ClientUnaryCall;
  
  RemoveContainer(argument: _grpc_RemoveContainerRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  RemoveContainer(argument: _grpc_RemoveContainerRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  RemoveContainer(argument: _grpc_RemoveContainerRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  RemoveContainer(argument: _grpc_RemoveContainerRequest, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  removeContainer(argument: _grpc_RemoveContainerRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  removeContainer(argument: _grpc_RemoveContainerRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  removeContainer(argument: _grpc_RemoveContainerRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  removeContainer(argument: _grpc_RemoveContainerRequest, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  
  ReseedRandomDev(argument: _grpc_ReseedRandomDevRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  ReseedRandomDev(argument: _grpc_ReseedRandomDevRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  ReseedRandomDev(argument: _grpc_ReseedRandomDevRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  ReseedRandomDev(argument: _grpc_ReseedRandomDevRequest, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  reseedRandomDev(argument: _grpc_ReseedRandomDevRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  reseedRandomDev(argument: _grpc_ReseedRandomDevRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  reseedRandomDev(argument: _grpc_ReseedRandomDevRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  reseedRandomDev(argument: _grpc_ReseedRandomDevRequest, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  
  ResumeContainer(argument: _grpc_ResumeContainerRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  ResumeContainer(argument: _grpc_ResumeContainerRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  ResumeContainer(argument: _grpc_ResumeContainerRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  ResumeContainer(argument: _grpc_ResumeContainerRequest, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  resumeContainer(argument: _grpc_ResumeContainerRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  resumeContainer(argument: _grpc_ResumeContainerRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  resumeContainer(argument: _grpc_ResumeContainerRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  resumeContainer(argument: _grpc_ResumeContainerRequest, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  
  SetGuestDateTime(argument: _grpc_SetGuestDateTimeRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  SetGuestDateTime(argument: _grpc_SetGuestDateTimeRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  SetGuestDateTime(argument: _grpc_SetGuestDateTimeRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  SetGuestDateTime(argument: _grpc_SetGuestDateTimeRequest, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  setGuestDateTime(argument: _grpc_SetGuestDateTimeRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  setGuestDateTime(argument: _grpc_SetGuestDateTimeRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  setGuestDateTime(argument: _grpc_SetGuestDateTimeRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  setGuestDateTime(argument: _grpc_SetGuestDateTimeRequest, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  
  SignalProcess(argument: _grpc_SignalProcessRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  SignalProcess(argument: _grpc_SignalProcessRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  SignalProcess(argument: _grpc_SignalProcessRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  SignalProcess(argument: _grpc_SignalProcessRequest, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  signalProcess(argument: _grpc_SignalProcessRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  signalProcess(argument: _grpc_SignalProcessRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  signalProcess(argument: _grpc_SignalProcessRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  signalProcess(argument: _grpc_SignalProcessRequest, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  
  StartContainer(argument: _grpc_StartContainerRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  StartContainer(argument: _grpc_StartContainerRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  StartContainer(argument: _grpc_StartContainerRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  StartContainer(argument: _grpc_StartContainerRequest, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  startContainer(argument: _grpc_StartContainerRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  startContainer(argument: _grpc_StartContainerRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  startContainer(argument: _grpc_StartContainerRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  startContainer(argument: _grpc_StartContainerRequest, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  
  StatsContainer(argument: _grpc_StatsContainerRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_grpc_StatsContainerResponse__Output>): grpc.ClientUnaryCall;
  StatsContainer(argument: _grpc_StatsContainerRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_grpc_StatsContainerResponse__Output>): grpc.ClientUnaryCall;
  StatsContainer(argument: _grpc_StatsContainerRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_grpc_StatsContainerResponse__Output>): grpc.ClientUnaryCall;
  StatsContainer(argument: _grpc_StatsContainerRequest, callback: grpc.requestCallback<_grpc_StatsContainerResponse__Output>): grpc.ClientUnaryCall;
  statsContainer(argument: _grpc_StatsContainerRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_grpc_StatsContainerResponse__Output>): grpc.ClientUnaryCall;
  statsContainer(argument: _grpc_StatsContainerRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_grpc_StatsContainerResponse__Output>): grpc.ClientUnaryCall;
  statsContainer(argument: _grpc_StatsContainerRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_grpc_StatsContainerResponse__Output>): grpc.ClientUnaryCall;
  statsContainer(argument: _grpc_StatsContainerRequest, callback: grpc.requestCallback<_grpc_StatsContainerResponse__Output>): grpc.ClientUnaryCall;
  
  TtyWinResize(argument: _grpc_TtyWinResizeRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  TtyWinResize(argument: _grpc_TtyWinResizeRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  TtyWinResize(argument: _grpc_TtyWinResizeRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  TtyWinResize(argument: _grpc_TtyWinResizeRequest, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  ttyWinResize(argument: _grpc_TtyWinResizeRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  ttyWinResize(argument: _grpc_TtyWinResizeRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  ttyWinResize(argument: _grpc_TtyWinResizeRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  ttyWinResize(argument: _grpc_TtyWinResizeRequest, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  
  UpdateContainer(argument: _grpc_UpdateContainerRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  UpdateContainer(argument: _grpc_UpdateContainerRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  UpdateContainer(argument: _grpc_UpdateContainerRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  UpdateContainer(argument: _grpc_UpdateContainerRequest, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  updateContainer(argument: _grpc_UpdateContainerRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  updateContainer(argument: _grpc_UpdateContainerRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  updateContainer(argument: _grpc_UpdateContainerRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  updateContainer(argument: _grpc_UpdateContainerRequest, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  
  UpdateInterface(argument: _grpc_UpdateInterfaceRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_types_Interface__Output>): grpc.ClientUnaryCall;
  UpdateInterface(argument: _grpc_UpdateInterfaceRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_types_Interface__Output>): grpc.ClientUnaryCall;
  UpdateInterface(argument: _grpc_UpdateInterfaceRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_types_Interface__Output>): grpc.ClientUnaryCall;
  UpdateInterface(argument: _grpc_UpdateInterfaceRequest, callback: grpc.requestCallback<_types_Interface__Output>): grpc.ClientUnaryCall;
  updateInterface(argument: _grpc_UpdateInterfaceRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_types_Interface__Output>): grpc.ClientUnaryCall;
  updateInterface(argument: _grpc_UpdateInterfaceRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_types_Interface__Output>): grpc.ClientUnaryCall;
  updateInterface(argument: _grpc_UpdateInterfaceRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_types_Interface__Output>): grpc.ClientUnaryCall;
  updateInterface(argument: _grpc_UpdateInterfaceRequest, callback: grpc.requestCallback<_types_Interface__Output>): grpc.ClientUnaryCall;
  
  UpdateRoutes(argument: _grpc_UpdateRoutesRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_grpc_Routes__Output>): grpc.ClientUnaryCall;
  UpdateRoutes(argument: _grpc_UpdateRoutesRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_grpc_Routes__Output>): grpc.ClientUnaryCall;
  UpdateRoutes(argument: _grpc_UpdateRoutesRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_grpc_Routes__Output>): grpc.ClientUnaryCall;
  UpdateRoutes(argument: _grpc_UpdateRoutesRequest, callback: grpc.requestCallback<_grpc_Routes__Output>): grpc.ClientUnaryCall;
  updateRoutes(argument: _grpc_UpdateRoutesRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_grpc_Routes__Output>): grpc.ClientUnaryCall;
  updateRoutes(argument: _grpc_UpdateRoutesRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_grpc_Routes__Output>): grpc.ClientUnaryCall;
  updateRoutes(argument: _grpc_UpdateRoutesRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_grpc_Routes__Output>): grpc.ClientUnaryCall;
  updateRoutes(argument: _grpc_UpdateRoutesRequest, callback: grpc.requestCallback<_grpc_Routes__Output>): grpc.ClientUnaryCall;
  
  WaitProcess(argument: _grpc_WaitProcessRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_grpc_WaitProcessResponse__Output>): grpc.ClientUnaryCall;
  WaitProcess(argument: _grpc_WaitProcessRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_grpc_WaitProcessResponse__Output>): grpc.ClientUnaryCall;
  WaitProcess(argument: _grpc_WaitProcessRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_grpc_WaitProcessResponse__Output>): grpc.ClientUnaryCall;
  WaitProcess(argument: _grpc_WaitProcessRequest, callback: grpc.requestCallback<_grpc_WaitProcessResponse__Output>): grpc.ClientUnaryCall;
  waitProcess(argument: _grpc_WaitProcessRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_grpc_WaitProcessResponse__Output>): grpc.ClientUnaryCall;
  waitProcess(argument: _grpc_WaitProcessRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_grpc_WaitProcessResponse__Output>): grpc.ClientUnaryCall;
  waitProcess(argument: _grpc_WaitProcessRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_grpc_WaitProcessResponse__Output>): grpc.ClientUnaryCall;
  waitProcess(argument: _grpc_WaitProcessRequest, callback: grpc.requestCallback<_grpc_WaitProcessResponse__Output>): grpc.ClientUnaryCall;
  
  WriteStdin(argument: _grpc_WriteStreamRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_grpc_WriteStreamResponse__Output>): grpc.ClientUnaryCall;
  WriteStdin(argument: _grpc_WriteStreamRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_grpc_WriteStreamResponse__Output>): grpc.ClientUnaryCall;
  WriteStdin(argument: _grpc_WriteStreamRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_grpc_WriteStreamResponse__Output>): grpc.ClientUnaryCall;
  WriteStdin(argument: _grpc_WriteStreamRequest, callback: grpc.requestCallback<_grpc_WriteStreamResponse__Output>): grpc.ClientUnaryCall;
  writeStdin(argument: _grpc_WriteStreamRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_grpc_WriteStreamResponse__Output>): grpc.ClientUnaryCall;
  writeStdin(argument: _grpc_WriteStreamRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_grpc_WriteStreamResponse__Output>): grpc.ClientUnaryCall;
  writeStdin(argument: _grpc_WriteStreamRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_grpc_WriteStreamResponse__Output>): grpc.ClientUnaryCall;
  writeStdin(argument: _grpc_WriteStreamRequest, callback: grpc.requestCallback<_grpc_WriteStreamResponse__Output>): grpc.ClientUnaryCall;
  
}

export interface AgentServiceHandlers extends grpc.UntypedServiceImplementation {
  AddARPNeighbors: grpc.handleUnaryCall<_grpc_AddARPNeighborsRequest__Output, _google_protobuf_Empty>;
  
  AddSwap: grpc.handleUnaryCall<_grpc_AddSwapRequest__Output, _google_protobuf_Empty>;
  
  CloseStdin: grpc.handleUnaryCall<_grpc_CloseStdinRequest__Output, _google_protobuf_Empty>;
  
  CopyFile: grpc.handleUnaryCall<_grpc_CopyFileRequest__Output, _google_protobuf_Empty>;
  
  CreateContainer: grpc.handleUnaryCall<_grpc_CreateContainerRequest__Output, _google_protobuf_Empty>;
  
  CreateSandbox: grpc.handleUnaryCall<_grpc_CreateSandboxRequest__Output, _google_protobuf_Empty>;
  
  DestroySandbox: grpc.handleUnaryCall<_grpc_DestroySandboxRequest__Output, _google_protobuf_Empty>;
  
  ExecProcess: grpc.handleUnaryCall<_grpc_ExecProcessRequest__Output, _google_protobuf_Empty>;
  
  GetGuestDetails: grpc.handleUnaryCall<_grpc_GuestDetailsRequest__Output, _grpc_GuestDetailsResponse>;
  
  GetMetrics: grpc.handleUnaryCall<_grpc_GetMetricsRequest__Output, _grpc_Metrics>;
  
  GetOOMEvent: grpc.handleUnaryCall<_grpc_GetOOMEventRequest__Output, _grpc_OOMEvent>;
  
  ListInterfaces: grpc.handleUnaryCall<_grpc_ListInterfacesRequest__Output, _grpc_Interfaces>;
  
  ListRoutes: grpc.handleUnaryCall<_grpc_ListRoutesRequest__Output, _grpc_Routes>;
  
  MemHotplugByProbe: grpc.handleUnaryCall<_grpc_MemHotplugByProbeRequest__Output, _google_protobuf_Empty>;
  
  OnlineCPUMem: grpc.handleUnaryCall<_grpc_OnlineCPUMemRequest__Output, _google_protobuf_Empty>;
  
  PauseContainer: grpc.handleUnaryCall<_grpc_PauseContainerRequest__Output, _google_protobuf_Empty>;
  
  ReadStderr: grpc.handleUnaryCall<_grpc_ReadStreamRequest__Output, _grpc_ReadStreamResponse>;
  
  ReadStdout: grpc.handleUnaryCall<_grpc_ReadStreamRequest__Output, _grpc_ReadStreamResponse>;
  
  RemoveContainer: grpc.handleUnaryCall<_grpc_RemoveContainerRequest__Output, _google_protobuf_Empty>;
  
  ReseedRandomDev: grpc.handleUnaryCall<_grpc_ReseedRandomDevRequest__Output, _google_protobuf_Empty>;
  
  ResumeContainer: grpc.handleUnaryCall<_grpc_ResumeContainerRequest__Output, _google_protobuf_Empty>;
  
  SetGuestDateTime: grpc.handleUnaryCall<_grpc_SetGuestDateTimeRequest__Output, _google_protobuf_Empty>;
  
  SignalProcess: grpc.handleUnaryCall<_grpc_SignalProcessRequest__Output, _google_protobuf_Empty>;
  
  StartContainer: grpc.handleUnaryCall<_grpc_StartContainerRequest__Output, _google_protobuf_Empty>;
  
  StatsContainer: grpc.handleUnaryCall<_grpc_StatsContainerRequest__Output, _grpc_StatsContainerResponse>;
  
  TtyWinResize: grpc.handleUnaryCall<_grpc_TtyWinResizeRequest__Output, _google_protobuf_Empty>;
  
  UpdateContainer: grpc.handleUnaryCall<_grpc_UpdateContainerRequest__Output, _google_protobuf_Empty>;
  
  UpdateInterface: grpc.handleUnaryCall<_grpc_UpdateInterfaceRequest__Output, _types_Interface>;
  
  UpdateRoutes: grpc.handleUnaryCall<_grpc_UpdateRoutesRequest__Output, _grpc_Routes>;
  
  WaitProcess: grpc.handleUnaryCall<_grpc_WaitProcessRequest__Output, _grpc_WaitProcessResponse>;
  
  WriteStdin: grpc.handleUnaryCall<_grpc_WriteStreamRequest__Output, _grpc_WriteStreamResponse>;
  
}

export interface AgentServiceDefinition extends grpc.ServiceDefinition {
  AddARPNeighbors: MethodDefinition<_grpc_AddARPNeighborsRequest, _google_protobuf_Empty, _grpc_AddARPNeighborsRequest__Output, _google_protobuf_Empty__Output>
  AddSwap: MethodDefinition<_grpc_AddSwapRequest, _google_protobuf_Empty, _grpc_AddSwapRequest__Output, _google_protobuf_Empty__Output>
  CloseStdin: MethodDefinition<_grpc_CloseStdinRequest, _google_protobuf_Empty, _grpc_CloseStdinRequest__Output, _google_protobuf_Empty__Output>
  CopyFile: MethodDefinition<_grpc_CopyFileRequest, _google_protobuf_Empty, _grpc_CopyFileRequest__Output, _google_protobuf_Empty__Output>
  CreateContainer: MethodDefinition<_grpc_CreateContainerRequest, _google_protobuf_Empty, _grpc_CreateContainerRequest__Output, _google_protobuf_Empty__Output>
  CreateSandbox: MethodDefinition<_grpc_CreateSandboxRequest, _google_protobuf_Empty, _grpc_CreateSandboxRequest__Output, _google_protobuf_Empty__Output>
  DestroySandbox: MethodDefinition<_grpc_DestroySandboxRequest, _google_protobuf_Empty, _grpc_DestroySandboxRequest__Output, _google_protobuf_Empty__Output>
  ExecProcess: MethodDefinition<_grpc_ExecProcessRequest, _google_protobuf_Empty, _grpc_ExecProcessRequest__Output, _google_protobuf_Empty__Output>
  GetGuestDetails: MethodDefinition<_grpc_GuestDetailsRequest, _grpc_GuestDetailsResponse, _grpc_GuestDetailsRequest__Output, _grpc_GuestDetailsResponse__Output>
  GetMetrics: MethodDefinition<_grpc_GetMetricsRequest, _grpc_Metrics, _grpc_GetMetricsRequest__Output, _grpc_Metrics__Output>
  GetOOMEvent: MethodDefinition<_grpc_GetOOMEventRequest, _grpc_OOMEvent, _grpc_GetOOMEventRequest__Output, _grpc_OOMEvent__Output>
  ListInterfaces: MethodDefinition<_grpc_ListInterfacesRequest, _grpc_Interfaces, _grpc_ListInterfacesRequest__Output, _grpc_Interfaces__Output>
  ListRoutes: MethodDefinition<_grpc_ListRoutesRequest, _grpc_Routes, _grpc_ListRoutesRequest__Output, _grpc_Routes__Output>
  MemHotplugByProbe: MethodDefinition<_grpc_MemHotplugByProbeRequest, _google_protobuf_Empty, _grpc_MemHotplugByProbeRequest__Output, _google_protobuf_Empty__Output>
  OnlineCPUMem: MethodDefinition<_grpc_OnlineCPUMemRequest, _google_protobuf_Empty, _grpc_OnlineCPUMemRequest__Output, _google_protobuf_Empty__Output>
  PauseContainer: MethodDefinition<_grpc_PauseContainerRequest, _google_protobuf_Empty, _grpc_PauseContainerRequest__Output, _google_protobuf_Empty__Output>
  ReadStderr: MethodDefinition<_grpc_ReadStreamRequest, _grpc_ReadStreamResponse, _grpc_ReadStreamRequest__Output, _grpc_ReadStreamResponse__Output>
  ReadStdout: MethodDefinition<_grpc_ReadStreamRequest, _grpc_ReadStreamResponse, _grpc_ReadStreamRequest__Output, _grpc_ReadStreamResponse__Output>
  RemoveContainer: MethodDefinition<_grpc_RemoveContainerRequest, _google_protobuf_Empty, _grpc_RemoveContainerRequest__Output, _google_protobuf_Empty__Output>
  ReseedRandomDev: MethodDefinition<_grpc_ReseedRandomDevRequest, _google_protobuf_Empty, _grpc_ReseedRandomDevRequest__Output, _google_protobuf_Empty__Output>
  ResumeContainer: MethodDefinition<_grpc_ResumeContainerRequest, _google_protobuf_Empty, _grpc_ResumeContainerRequest__Output, _google_protobuf_Empty__Output>
  SetGuestDateTime: MethodDefinition<_grpc_SetGuestDateTimeRequest, _google_protobuf_Empty, _grpc_SetGuestDateTimeRequest__Output, _google_protobuf_Empty__Output>
  SignalProcess: MethodDefinition<_grpc_SignalProcessRequest, _google_protobuf_Empty, _grpc_SignalProcessRequest__Output, _google_protobuf_Empty__Output>
  StartContainer: MethodDefinition<_grpc_StartContainerRequest, _google_protobuf_Empty, _grpc_StartContainerRequest__Output, _google_protobuf_Empty__Output>
  StatsContainer: MethodDefinition<_grpc_StatsContainerRequest, _grpc_StatsContainerResponse, _grpc_StatsContainerRequest__Output, _grpc_StatsContainerResponse__Output>
  TtyWinResize: MethodDefinition<_grpc_TtyWinResizeRequest, _google_protobuf_Empty, _grpc_TtyWinResizeRequest__Output, _google_protobuf_Empty__Output>
  UpdateContainer: MethodDefinition<_grpc_UpdateContainerRequest, _google_protobuf_Empty, _grpc_UpdateContainerRequest__Output, _google_protobuf_Empty__Output>
  UpdateInterface: MethodDefinition<_grpc_UpdateInterfaceRequest, _types_Interface, _grpc_UpdateInterfaceRequest__Output, _types_Interface__Output>
  UpdateRoutes: MethodDefinition<_grpc_UpdateRoutesRequest, _grpc_Routes, _grpc_UpdateRoutesRequest__Output, _grpc_Routes__Output>
  WaitProcess: MethodDefinition<_grpc_WaitProcessRequest, _grpc_WaitProcessResponse, _grpc_WaitProcessRequest__Output, _grpc_WaitProcessResponse__Output>
  WriteStdin: MethodDefinition<_grpc_WriteStreamRequest, _grpc_WriteStreamResponse, _grpc_WriteStreamRequest__Output, _grpc_WriteStreamResponse__Output>
}
