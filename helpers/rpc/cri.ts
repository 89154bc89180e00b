import type { ImageServiceDefinition } from '../../protos/generated/cri/runtime/v1/ImageService.ts';
import type { RuntimeServiceDefinition } from '../../protos/generated/cri/runtime/v1/RuntimeService.ts';
import type { Protos } from '../../protos/load.ts';
import { type PromiseMethods, RpcClient, type RpcClientOptions, withMethods } from './client.ts';

type Methods = PromiseMethods<RuntimeServiceDefinition> & PromiseMethods<ImageServiceDefinition>;

/** A CRI client: `runtime.v1.RuntimeService` and `runtime.v1.ImageService`. */
export type Cri = RpcClient & Methods;

/** Creates a CRI client for a unix socket. The client connects at its first call. */
export function connectCri(socket: string, options: RpcClientOptions & { protos: Protos }): Cri {
  const client = new RpcClient(`unix://${socket}`, options.protos.services, { ...options, transport: 'grpc' });
  return withMethods<Methods>(client);
}
