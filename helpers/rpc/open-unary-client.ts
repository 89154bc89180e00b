import { Client, credentials, type Interceptor } from '@grpc/grpc-js';
import { TtrpcChannel } from '../ttrpc/channel.ts';
import { connectTtrpc } from '../ttrpc/connect.ts';
import { TtrpcUnaryClient } from '../ttrpc/unary-client.ts';
import { type Address, formatAddress } from '../vsock/address.ts';
import { GrpcUnaryClient } from './grpc-client.ts';
import type { UnaryClient } from './unary.ts';

/** Options of {@link openUnaryClient}. */
export interface TransportOptions {
  readonly interceptors?: readonly Interceptor[];
  /**
   * Transport of the client: ttrpc by default; `grpc` for a server that speaks gRPC over HTTP/2, as containerd does on
   * its own socket.
   */
  readonly transport?: 'ttrpc' | 'grpc';
  /** Names by which a ttrpc server knows services, by those of the protos, where they differ: a later version with the same messages. */
  readonly renamed?: ReadonlyMap<string, string>;
}

/** A client of the services at `address`, which connects at its first call. */
export function openUnaryClient(
  address: Address,
  { interceptors = [], renamed, transport }: TransportOptions,
): UnaryClient {
  const name = formatAddress(address);
  if (transport === 'grpc') {
    const options = { 'grpc.default_authority': 'localhost', interceptors: [...interceptors] };
    return new GrpcUnaryClient(new Client(name, credentials.createInsecure(), options));
  }
  return ttrpcUnaryClient(new TtrpcChannel(name, () => connectTtrpc(address), renamed), interceptors);
}

/** A client over a ttrpc channel: with interceptors that of grpc-js, which runs them. */
export function ttrpcUnaryClient(channel: TtrpcChannel, interceptors: readonly Interceptor[] = []): UnaryClient {
  if (interceptors.length === 0) return new TtrpcUnaryClient(channel);
  const options = { channelFactoryOverride: () => channel, interceptors: [...interceptors] };
  return new GrpcUnaryClient(new Client(channel.getTarget(), credentials.createInsecure(), options));
}
