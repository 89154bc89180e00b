import type { AgentServiceDefinition } from '../../protos/generated/skopeo/grpc/AgentService.ts';
import type { HealthDefinition } from '../../protos/generated/skopeo/grpc/Health.ts';
import type { ImageDefinition } from '../../protos/generated/skopeo/grpc/Image.ts';
import { type AgentProtos, isOfAgent } from '../../protos/load.ts';
import type { Address } from '../vsock/address.ts';
import { type PromiseMethods, RpcClient, type RpcClientOptions, withMethods } from './client.ts';

type Methods = PromiseMethods<AgentServiceDefinition> &
  PromiseMethods<ImageDefinition> &
  PromiseMethods<HealthDefinition>;

/**
 * The guest agent: `agent.pullImage({...})`, `agent.createContainer({...})`, one promise per method of
 * `grpc.AgentService`, `grpc.Image` and `grpc.Health`; and `agent.call('NewEndpoint', {...})` for any method of the
 * loaded protos, typed or not.
 */
export type Agent = RpcClient & Methods;

/** Creates a client for the agent at `address`. The client connects at its first call. */
export function connectAgent(address: Address | string, options: RpcClientOptions & { protos: AgentProtos }): Agent {
  const client = new RpcClient(address, options.protos.services, options);
  return withMethods<Methods>(client, client.methods.filter(isOfAgent));
}
