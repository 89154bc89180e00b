import type { AgentServiceDefinition } from '../../protos/generated/main/grpc/AgentService.ts';
import type { HealthDefinition } from '../../protos/generated/main/grpc/Health.ts';
import type { ImageDefinition } from '../../protos/generated/skopeo/grpc/Image.ts';
import { type AgentProtos, isOfAgent } from '../../protos/load.ts';
import type { Address } from '../vsock/address.ts';
import { type PromiseMethods, RpcClient, type RpcClientOptions, withMethods } from './client.ts';

/**
 * The methods of both generations, with main's messages, which have the fields of CCv0's and more. An agent of CCv0 gets only the
 * fields that its own protos declare.
 */
type Methods = PromiseMethods<AgentServiceDefinition> &
  PromiseMethods<ImageDefinition> &
  PromiseMethods<HealthDefinition>;

/**
 * The guest agent: `agent.pullImage({...})`, `agent.createContainer({...})`, one promise per method of
 * `grpc.AgentService`, `grpc.Image` and `grpc.Health`, of CCv0's protos and of main's; and
 * `agent.call('NewEndpoint', {...})` for any method of the loaded protos, typed or not. Only the methods of the loaded
 * protos exist at run time.
 */
export type Agent = RpcClient & Methods;

/** Creates a client for the agent at `address`. The client connects at its first call. */
export function connectAgent(address: Address | string, options: RpcClientOptions & { protos: AgentProtos }): Agent {
  const client = new RpcClient(address, options.protos.services, options);
  return withMethods<Methods>(client, client.methods.filter(isOfAgent));
}
