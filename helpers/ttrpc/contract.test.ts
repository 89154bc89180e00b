import { InterceptingCall, type Interceptor, Metadata, type MethodDefinition, type ServiceError } from '@grpc/grpc-js';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { poll } from '../poll.ts';
import type { UnaryClient, UnaryMethod } from '../rpc/unary.ts';
import { grpcPeer, type Peer, TTRPC_PEERS } from './contract-peers.ts';
import { CONTRACT_SERVICE, contractDefinition } from './contract-service.ts';
import { MAX_PAYLOAD } from './frame.ts';
import { status } from './status.ts';

interface Options {
  readonly timeoutMs?: number;
  readonly metadata?: Metadata;
  readonly onCall?: (cancel: () => void) => void;
  /** Replaces the serialisation of the method. */
  readonly definition?: Partial<UnaryMethod['definition']>;
}

function methodOf(name: string, replaced: Partial<UnaryMethod['definition']> = {}): UnaryMethod {
  const definition = contractDefinition[name] as MethodDefinition<object, object>;
  return { service: CONTRACT_SERVICE, name, definition: { ...definition, ...replaced } };
}

function call(
  client: UnaryClient,
  name: string,
  payload: string | Buffer = '',
  options: Options = {},
): Promise<Buffer> {
  const { definition, metadata, onCall, timeoutMs = Infinity } = options;
  return new Promise((resolve, reject) => {
    const request = { method: methodOf(name, definition), message: Buffer.from(payload), timeoutMs, metadata };
    const started = client.request(request, (error, answer) => (error ? reject(error) : resolve(answer as Buffer)));
    onCall?.(() => started.cancel());
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

  test('an RPC call whose deadline has passed fails with DEADLINE_EXCEEDED', async () => {
    await call(peer.client, 'Echo');
    await expect(call(peer.client, 'Echo', '', { timeoutMs: -1_000 })).rejects.toMatchObject({
      code: status.DEADLINE_EXCEEDED,
    });
  });

  test('an RPC call that is cancelled while it waits fails with CANCELLED', async () => {
    await call(peer.client, 'Echo');
    const onCall = (cancel: () => void): void => void setTimeout(cancel, 20);
    await expect(call(peer.client, 'Never', '', { onCall })).rejects.toMatchObject({
      code: status.CANCELLED,
      details: 'Cancelled on client',
    });
  });

  test('an RPC call that is cancelled before the client is connected fails with CANCELLED, and the next succeeds', async () => {
    await expect(call(peer.client, 'Never', '', { onCall: (cancel) => cancel() })).rejects.toMatchObject({
      code: status.CANCELLED,
      details: 'Cancelled on client',
    });
    expect((await call(peer.client, 'Echo', 'next')).toString()).toBe('next');
    expect(peer.waiting()).toBe(0);
  });

  test('an RPC call that is cancelled twice, and after its deadline, ends once', async () => {
    const ends: (number | undefined)[] = [];
    const request = { method: methodOf('Never'), message: Buffer.alloc(0), timeoutMs: 20 };
    const started = peer.client.request(request, (error) => ends.push(error?.code));
    await poll('the end of the call', () => (ends.length > 0 ? true : undefined), { timeoutMs: 5_000 });
    started.cancel();
    started.cancel();
    await call(peer.client, 'Echo');
    expect(ends).toEqual([status.DEADLINE_EXCEEDED]);
  });

  test('the error of an RPC call is a ServiceError: message with number and name, code, details, metadata', async () => {
    const error: unknown = await call(peer.client, 'Fail', '5|no such thing').catch((error: unknown) => error);
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({
      message: '5 NOT_FOUND: no such thing',
      code: status.NOT_FOUND,
      details: 'no such thing',
      metadata: expect.any(Metadata),
    });
  });

  test('an RPC call whose request cannot be encoded fails with INTERNAL and is not sent', async () => {
    const requestSerialize = (): never => {
      throw new Error('not of this type');
    };
    await expect(call(peer.client, 'Never', '', { definition: { requestSerialize } })).rejects.toMatchObject({
      code: status.INTERNAL,
      details: 'Request message serialization failure: not of this type',
    });
    await call(peer.client, 'Echo');
    expect(peer.waiting()).toBe(0);
  });

  test('an RPC call whose response cannot be decoded fails with INTERNAL, and the next call succeeds', async () => {
    const responseDeserialize = (): never => {
      throw new Error('invalid wire type 7');
    };
    await expect(call(peer.client, 'Echo', 'x', { definition: { responseDeserialize } })).rejects.toMatchObject({
      code: status.INTERNAL,
      details: 'Response message parsing error: invalid wire type 7',
    });
    expect((await call(peer.client, 'Echo', 'next')).toString()).toBe('next');
  });

  test('an RPC client is connected from its first call until it is closed', async () => {
    expect(peer.client.connected).toBe(false);
    await call(peer.client, 'Echo');
    expect(peer.client.connected).toBe(true);
    peer.client.close();
    expect(peer.client.connected).toBe(false);
  });

  test('a grpc-js interceptor of a client sees the status of each RPC call', async () => {
    const seen: number[] = [];
    const client = peer.intercepted([
      (options, next) =>
        new InterceptingCall(next(options), {
          start: (metadata, _listener, start) =>
            start(metadata, {
              onReceiveStatus: (end, pass) => {
                seen.push(end.code);
                pass(end);
              },
            }),
        }),
    ]);
    await call(client, 'Echo', 'x');
    await expect(call(client, 'Fail', '7|no')).rejects.toMatchObject({ code: 7 });
    expect(seen).toEqual([0, 7]);
  });

  test('a grpc-js interceptor of a client changes metadata and message of a request, and the response', async () => {
    const change: Interceptor = (options, next) =>
      new InterceptingCall(next(options), {
        start: (metadata, _listener, start) => {
          metadata.set('x-added', 'yes');
          start(metadata, { onReceiveMessage: (message, pass) => pass(Buffer.concat([message, Buffer.from('!')])) });
        },
        sendMessage: (message, send) => send(Buffer.concat([message, Buffer.from('?')])),
      });
    const client = peer.intercepted([change]);
    expect((await call(client, 'Echo', 'who')).toString()).toBe('who?!');
    expect((await call(client, 'Metadata')).toString()).toContain('["x-added","yes"]');
  });

  test('a grpc-js interceptor of a client answers an RPC call that is then not sent', async () => {
    const answer: Interceptor = (options, next) =>
      new InterceptingCall(next(options), {
        start: (_metadata, listener) =>
          queueMicrotask(() => {
            listener.onReceiveMetadata(new Metadata());
            listener.onReceiveMessage(Buffer.from('ours'));
            listener.onReceiveStatus({ code: status.OK, details: '', metadata: new Metadata() });
          }),
      });
    expect((await call(peer.intercepted([answer]), 'Never')).toString()).toBe('ours');
    await call(peer.client, 'Echo');
    expect(peer.waiting()).toBe(0);
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
