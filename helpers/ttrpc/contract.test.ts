import {
  type Client,
  InterceptingCall,
  type Interceptor,
  Metadata,
  type MethodDefinition,
  type ServiceError,
} from '@grpc/grpc-js';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { defined } from '../defined.ts';
import { poll } from '../poll.ts';
import { grpcPeer, type Peer, TTRPC_PEERS } from './contract-peers.ts';
import { contractDefinition } from './contract-service.ts';
import { MAX_PAYLOAD } from './frame.ts';
import { status } from './status.ts';

interface Options {
  readonly timeoutMs?: number;
  readonly metadata?: Metadata;
  readonly onCall?: (cancel: () => void) => void;
  readonly interceptors?: Interceptor[];
}

function call(client: Client, name: string, payload: string | Buffer = '', options: Options = {}): Promise<Buffer> {
  const method = contractDefinition[name] as MethodDefinition<Buffer, Buffer>;
  return new Promise((resolve, reject) => {
    const started = client.makeUnaryRequest(
      method.path,
      method.requestSerialize,
      method.responseDeserialize,
      Buffer.from(payload),
      options.metadata ?? new Metadata(),
      {
        ...(options.timeoutMs === undefined ? {} : { deadline: Date.now() + options.timeoutMs }),
        ...defined({ interceptors: options.interceptors }),
      },
      (error, answer) => (error ? reject(error) : resolve(answer as Buffer)),
    );
    options.onCall?.(() => started.cancel());
  });
}

const PEERS = { ...TTRPC_PEERS, 'grpc-js itself': grpcPeer };

describe.for(Object.entries(PEERS))('RPC over %s', ([, start]) => {
  let peer: Peer;
  beforeEach(async () => {
    peer = await start();
  });
  afterEach(() => peer[Symbol.asyncDispose]());

  test('an RPC that echoes its request returns the message', async () => {
    expect((await call(peer.client, 'Echo', 'hello')).toString()).toBe('hello');
  });

  test('an RPC that echoes an empty request returns an empty message', async () => {
    expect((await call(peer.client, 'Echo')).length).toBe(0);
  });

  test('an RPC request and response carry every byte value unchanged', async () => {
    const bytes = Buffer.from(Array.from({ length: 256 }, (_, index) => index));
    expect(Buffer.compare(await call(peer.client, 'Echo', bytes), bytes)).toBe(0);
  });

  test('an RPC request and response carry a message of 3 MB unchanged', async () => {
    const bytes = Buffer.alloc(3_000_000, 'kata');
    expect(Buffer.compare(await call(peer.client, 'Echo', bytes), bytes)).toBe(0);
  });

  test('500 concurrent RPC calls on one connection each get their own response', async () => {
    const answers = await Promise.all(
      Array.from({ length: 500 }, (_, index) => call(peer.client, 'Echo', String(index))),
    );
    expect(answers.map(String)).toEqual(Array.from({ length: 500 }, (_, index) => String(index)));
  });

  test.for([3, 5, 9, 12, 13, 14, 16])(
    'RPC status %i of the server reaches the client with its message',
    async (code) => {
      await expect(call(peer.client, 'Fail', `${code}|wörtlich`)).rejects.toMatchObject({ code, details: 'wörtlich' });
    },
  );

  test('RPC metadata reaches the server, including several values of one key', async () => {
    const metadata = new Metadata();
    metadata.add('x-kata', 'one');
    metadata.add('x-kata', 'two');
    const received = JSON.parse((await call(peer.client, 'Metadata', '', { metadata })).toString()) as [
      string,
      string,
    ][];
    // The values of one metadata key: HTTP/2 joins them; ttrpc keeps them apart.
    const values = received.filter(([key]) => key === 'x-kata').map(([, value]) => value);
    expect(values.join(', ')).toBe('one, two');
  });

  test('the RPC server receives the deadline of a call, or none', async () => {
    const left = Number((await call(peer.client, 'Deadline', '', { timeoutMs: 20_000 })).toString());
    expect(left).toBeGreaterThan(15_000);
    expect(left).toBeLessThanOrEqual(20_000);
    expect((await call(peer.client, 'Deadline')).toString()).toBe('none');
  });

  test('an RPC call without a response fails with DEADLINE_EXCEEDED, and the next call succeeds', async () => {
    await expect(call(peer.client, 'Never', '', { timeoutMs: 50 })).rejects.toMatchObject({
      code: status.DEADLINE_EXCEEDED,
    });
    expect((await call(peer.client, 'Echo', 'still here')).toString()).toBe('still here');
  });

  test('a cancelled RPC call fails with CANCELLED', async () => {
    const onCall = (cancel: () => void): void => void setTimeout(cancel, 20);
    await expect(call(peer.client, 'Never', '', { onCall })).rejects.toMatchObject({ code: status.CANCELLED });
  });

  test('a grpc-js interceptor of a client sees the status of each RPC call', async () => {
    const seen: number[] = [];
    const interceptor: Interceptor = (options, next) =>
      new InterceptingCall(next(options), {
        start: (metadata, _listener, start) =>
          start(metadata, {
            onReceiveStatus: (end, pass) => {
              seen.push(end.code);
              pass(end);
            },
          }),
      });
    await call(peer.client, 'Echo', 'x', { interceptors: [interceptor] });
    await expect(call(peer.client, 'Fail', '7|no', { interceptors: [interceptor] })).rejects.toMatchObject({ code: 7 });
    expect(seen).toEqual([0, 7]);
  });
});

describe.for(Object.entries(TTRPC_PEERS))('ttrpc over %s', ([, start]) => {
  let peer: Peer;
  beforeEach(async () => {
    peer = await start();
  });
  afterEach(() => peer[Symbol.asyncDispose]());

  test('a ttrpc request over 4 MiB fails with RESOURCE_EXHAUSTED on the client, and the next call succeeds', async () => {
    const tooLarge = Buffer.alloc(MAX_PAYLOAD);
    await expect(call(peer.client, 'Echo', tooLarge)).rejects.toMatchObject({
      code: status.RESOURCE_EXHAUSTED,
      details: expect.stringContaining('over the limit of 4194304'),
    });
    expect((await call(peer.client, 'Echo', 'next')).toString()).toBe('next');
  });

  test('a ttrpc response over 4 MiB fails its call with RESOURCE_EXHAUSTED, and the next call succeeds', async () => {
    await expect(call(peer.client, 'Large', String(MAX_PAYLOAD))).rejects.toMatchObject({
      code: status.RESOURCE_EXHAUSTED,
    });
    expect((await call(peer.client, 'Large', '10')).length).toBe(10);
  });

  test('a lost ttrpc connection fails every call in flight with UNAVAILABLE', async () => {
    await call(peer.client, 'Echo');
    const calls = [1, 2, 3].map(() => call(peer.client, 'Never', '', { timeoutMs: 10_000 }));
    const refused = Promise.allSettled(calls);
    await poll('three calls on the server', () => (peer.waiting() === 3 ? true : undefined), { timeoutMs: 5_000 });
    peer.hangUp();
    for (const outcome of await refused) {
      expect(outcome.status === 'rejected' && (outcome.reason as ServiceError).code).toBe(status.UNAVAILABLE);
    }
  });

  test('a ttrpc client dials again after the server closed the connection', async () => {
    await call(peer.client, 'Echo', 'first');
    peer.hangUp();
    const again = await poll('a new connection', () => call(peer.client, 'Echo', 'second'), { timeoutMs: 5_000 });
    expect(again.toString()).toBe('second');
  });

  test('the ttrpc server aborts a call when the client closes the connection', async () => {
    const gone = call(peer.client, 'Never').catch(() => 'gone');
    await poll('the call on the server', () => (peer.waiting() === 1 ? true : undefined), { timeoutMs: 5_000 });
    peer.client.close();
    expect(await gone).toBe('gone');
    await poll('its end', () => (peer.waiting() === 0 ? true : undefined), { timeoutMs: 5_000 });
  });
});
