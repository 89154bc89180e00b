import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  Client,
  credentials,
  InterceptingCall,
  type Interceptor,
  type Metadata,
  Server,
  ServerCredentials,
  type sendUnaryData,
} from '@grpc/grpc-js';
import { GrpcUnaryClient } from '../rpc/grpc-client.ts';
import { ttrpcUnaryClient } from '../rpc/open-unary-client.ts';
import type { UnaryClient } from '../rpc/unary.ts';
import { listenHybridVsock } from '../vsock/hybrid.ts';
import { bridge } from '../vsock/socat.ts';
import { TtrpcChannel } from './channel.ts';
import { connectTtrpc } from './connect.ts';
import { TtrpcConnection } from './connection.ts';
import { CONTRACT_SERVICE, contractDefinition } from './contract-service.ts';
import { type ServerCall, serveTtrpc, TtrpcStatus } from './server.ts';
import { implement, routes } from './service.ts';
import { status } from './status.ts';

/** A server of the contract tests' service, and a client of it. */
export interface Peer extends AsyncDisposable {
  readonly client: UnaryClient;
  /** Creates another client of the server, with these interceptors; disposing the peer closes it. */
  intercepted(interceptors: readonly Interceptor[]): UnaryClient;
  /** Path of the server's unix socket. */
  readonly socket: string;
  /** Number of calls of `Never` on the server that have not been aborted yet. */
  readonly waiting: () => number;
  /** Ends every connection from the server's side. */
  hangUp(): void;
}

const PORT = 1024;

/** Counts the calls that the contract server never answers; each is counted until its client disconnects. */
class Waiting {
  count = 0;
  forever(signal: AbortSignal): Promise<never> {
    this.count += 1;
    return new Promise((_, reject) => {
      const over = (): void => {
        this.count -= 1;
        reject(signal.reason);
      };
      signal.addEventListener('abort', over, { once: true });
    });
  }
}

function contractHandler(waiting: Waiting): ReturnType<typeof routes> {
  return routes([
    implement(CONTRACT_SERVICE, contractDefinition, {
      echo: async (bytes: Buffer) => bytes,
      fail: async (bytes: Buffer) => {
        const [code, message] = bytes.toString().split('|');
        throw new TtrpcStatus(Number(code), message ?? '');
      },
      never: (_: Buffer, call: ServerCall) => waiting.forever(call.signal),
      metadata: async (_: Buffer, call: ServerCall) => Buffer.from(JSON.stringify(call.metadata)),
      deadline: async (_: Buffer, call: ServerCall) => Buffer.from(String(call.timeoutMs ?? 'none')),
      large: async (bytes: Buffer) => Buffer.alloc(Number(bytes.toString()), 7),
    }),
  ]);
}

/** An interceptor that changes nothing. */
const passThrough: Interceptor = (options, nextCall) => new InterceptingCall(nextCall(options));

async function ttrpcPeer(
  listen: (serve: (stream: Socket) => void, directory: string) => Promise<AsyncDisposable>,
  connect: (directory: string) => Promise<TtrpcConnection>,
  interceptors: readonly Interceptor[] = [],
): Promise<Peer> {
  const stack = new AsyncDisposableStack();
  const directory = await mkdtemp(join(tmpdir(), 'kata-cc-ttrpc-'));
  stack.defer(() => rm(directory, { recursive: true, force: true }));
  const streams = new Set<Socket>();
  const waiting = new Waiting();
  const handler = contractHandler(waiting);
  stack.use(
    await listen((stream) => {
      streams.add(stream);
      stream.once('close', () => streams.delete(stream));
      serveTtrpc(stream, handler);
    }, directory),
  );
  const intercepted = (own: readonly Interceptor[]): UnaryClient => {
    const client = ttrpcUnaryClient(new TtrpcChannel(directory, () => connect(directory)), own);
    stack.defer(() => client.close());
    return client;
  };
  return {
    client: intercepted(interceptors),
    intercepted,
    socket: unix(directory),
    waiting: () => waiting.count,
    hangUp: () => {
      for (const stream of streams) stream.destroy();
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

async function listenUnix(serve: (stream: Socket) => void, directory: string): Promise<AsyncDisposable> {
  const server = createServer(serve);
  await once(server.listen(join(directory, 'socket')), 'listening');
  return {
    async [Symbol.asyncDispose]() {
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

const unix = (directory: string): string => join(directory, 'socket');

const connectUnix = (directory: string): Promise<TtrpcConnection> => connectTtrpc(`unix://${unix(directory)}`);

/** Every transport by which our client reaches a ttrpc server, and grpc-js's interceptors above one of them. */
export const TTRPC_PEERS: Readonly<Record<string, () => Promise<Peer>>> = {
  'a unix socket': () => ttrpcPeer(listenUnix, connectUnix),
  'a unix socket, with an interceptor': () => ttrpcPeer(listenUnix, connectUnix, [passThrough]),
  'hybrid vsock': () =>
    ttrpcPeer(
      (serve, directory) => listenHybridVsock(unix(directory), { [PORT]: serve }),
      (directory) => connectTtrpc(`hvsock://${unix(directory)}:${PORT}`),
    ),
  'the socat bridge': () =>
    ttrpcPeer(
      listenUnix,
      async (directory) => new TtrpcConnection(await bridge(['socat', '-', `UNIX-CONNECT:${unix(directory)}`])),
    ),
};

/** grpc-js's own server and channel: the reference for this project's. */
export async function grpcPeer(): Promise<Peer> {
  const waiting = new Waiting();
  const server = new Server();
  const unary =
    (answer: (bytes: Buffer, metadata: Metadata, deadline: number) => Buffer) =>
    (
      call: { request: Buffer; metadata: Metadata; getDeadline(): Date | number },
      done: sendUnaryData<Buffer>,
    ): void => {
      try {
        done(null, answer(call.request, call.metadata, Number(call.getDeadline())));
      } catch (error) {
        done(error as Error);
      }
    };
  server.addService(contractDefinition, {
    Echo: unary((bytes) => bytes),
    Fail: unary((bytes) => {
      const [code, details = ''] = bytes.toString().split('|');
      throw Object.assign(new Error(details), { code: Number(code), details });
    }),
    Never: (call: { on(event: 'cancelled', listener: () => void): void }) => {
      const controller = new AbortController();
      call.on('cancelled', () => controller.abort(status.CANCELLED));
      waiting.forever(controller.signal).catch(() => {});
    },
    Metadata: unary((_, metadata) =>
      Buffer.from(
        JSON.stringify(Object.keys(metadata.getMap()).flatMap((key) => metadata.get(key).map((value) => [key, value]))),
      ),
    ),
    Deadline: unary((_, __, deadline) => Buffer.from(deadline === Infinity ? 'none' : String(deadline - Date.now()))),
    Large: unary((bytes) => Buffer.alloc(Number(bytes.toString()), 7)),
  });
  const directory = await mkdtemp(join(tmpdir(), 'kata-cc-grpc-'));
  const address = `unix:${unix(directory)}`;
  await new Promise<void>((resolve, reject) => {
    server.bindAsync(address, ServerCredentials.createInsecure(), (error) => (error ? reject(error) : resolve()));
  });
  const clients: UnaryClient[] = [];
  const intercepted = (interceptors: readonly Interceptor[]): UnaryClient => {
    const client = new Client(address, credentials.createInsecure(), { interceptors: [...interceptors] });
    const unary = new GrpcUnaryClient(client);
    clients.push(unary);
    return unary;
  };
  return {
    client: intercepted([]),
    intercepted,
    socket: unix(directory),
    waiting: () => waiting.count,
    hangUp: () => server.forceShutdown(),
    async [Symbol.asyncDispose]() {
      for (const client of clients) client.close();
      server.forceShutdown();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
