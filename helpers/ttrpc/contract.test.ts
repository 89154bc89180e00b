import {
  type Client,
  InterceptingCall,
  type Interceptor,
  Metadata,
  type MethodDefinition,
  type ServiceError,
} from '@grpc/grpc-js';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
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
        ...(options.interceptors === undefined ? {} : { interceptors: options.interceptors }),
      },
      (error, answer) => (error ? reject(error) : resolve(answer as Buffer)),
    );
    options.onCall?.(() => started.cancel());
  });
}

const PEERS = { ...TTRPC_PEERS, 'grpc-js itself': grpcPeer };

describe.for(Object.entries(PEERS))('over %s', ([, start]) => {
  let peer: Peer;
  beforeEach(async () => {
    peer = await start();
  });
  afterEach(() => peer[Symbol.asyncDispose]());

  test('a message comes back as it was', async () => {
    expect((await call(peer.client, 'Echo', 'hello')).toString()).toBe('hello');
  });

  test('an empty message comes back empty', async () => {
    expect((await call(peer.client, 'Echo')).length).toBe(0);
  });

  test('bytes are not changed', async () => {
    const bytes = Buffer.from(Array.from({ length: 256 }, (_, index) => index));
    expect(Buffer.compare(await call(peer.client, 'Echo', bytes), bytes)).toBe(0);
  });

  test('three megabytes arrive whole, both ways', async () => {
    const bytes = Buffer.alloc(3_000_000, 'kata');
    expect(Buffer.compare(await call(peer.client, 'Echo', bytes), bytes)).toBe(0);
  });

  test('five hundred calls at once each get their own answer', async () => {
    const answers = await Promise.all(
      Array.from({ length: 500 }, (_, index) => call(peer.client, 'Echo', String(index))),
    );
    expect(answers.map(String)).toEqual(Array.from({ length: 500 }, (_, index) => String(index)));
  });

  test.for([3, 5, 9, 12, 13, 14, 16])('status %i arrives with its text', async (code) => {
    await expect(call(peer.client, 'Fail', `${code}|wörtlich`)).rejects.toMatchObject({ code, details: 'wörtlich' });
  });

  test('metadata arrives, several values of one key too', async () => {
    const metadata = new Metadata();
    metadata.add('x-kata', 'one');
    metadata.add('x-kata', 'two');
    const received = JSON.parse((await call(peer.client, 'Metadata', '', { metadata })).toString()) as [
      string,
      string,
    ][];
    // HTTP/2 joins the values of one key; ttrpc keeps them apart.
    const values = received.filter(([key]) => key === 'x-kata').map(([, value]) => value);
    expect(values.join(', ')).toBe('one, two');
  });

  test('the server hears of the deadline', async () => {
    const left = Number((await call(peer.client, 'Deadline', '', { timeoutMs: 20_000 })).toString());
    expect(left).toBeGreaterThan(15_000);
    expect(left).toBeLessThanOrEqual(20_000);
    expect((await call(peer.client, 'Deadline')).toString()).toBe('none');
  });

  test('a call that is not answered ends at its deadline', async () => {
    await expect(call(peer.client, 'Never', '', { timeoutMs: 50 })).rejects.toMatchObject({
      code: status.DEADLINE_EXCEEDED,
    });
    expect((await call(peer.client, 'Echo', 'still here')).toString()).toBe('still here');
  });

  test('a call can be cancelled', async () => {
    const onCall = (cancel: () => void): void => void setTimeout(cancel, 20);
    await expect(call(peer.client, 'Never', '', { onCall })).rejects.toMatchObject({ code: status.CANCELLED });
  });

  test('an interceptor sees the call and its status', async () => {
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

  test('a request over 4 MiB is refused before it is sent', async () => {
    const tooLarge = Buffer.alloc(MAX_PAYLOAD);
    await expect(call(peer.client, 'Echo', tooLarge)).rejects.toMatchObject({
      code: status.RESOURCE_EXHAUSTED,
      details: expect.stringContaining('over the limit of 4194304'),
    });
    expect((await call(peer.client, 'Echo', 'next')).toString()).toBe('next');
  });

  test('an answer over 4 MiB fails that call alone', async () => {
    await expect(call(peer.client, 'Large', String(MAX_PAYLOAD))).rejects.toMatchObject({
      code: status.RESOURCE_EXHAUSTED,
    });
    expect((await call(peer.client, 'Large', '10')).length).toBe(10);
  });

  test('a connection that is lost fails every call under way with UNAVAILABLE', async () => {
    await call(peer.client, 'Echo');
    const calls = [1, 2, 3].map(() => call(peer.client, 'Never', '', { timeoutMs: 10_000 }));
    const refused = Promise.allSettled(calls);
    await poll('three calls on the server', () => (peer.waiting() === 3 ? true : undefined), { timeoutMs: 5_000 });
    peer.hangUp();
    for (const outcome of await refused) {
      expect(outcome.status === 'rejected' && (outcome.reason as ServiceError).code).toBe(status.UNAVAILABLE);
    }
  });

  test('a server that hung up is dialled again by the next call', async () => {
    await call(peer.client, 'Echo', 'first');
    peer.hangUp();
    const again = await poll('a new connection', () => call(peer.client, 'Echo', 'second'), { timeoutMs: 5_000 });
    expect(again.toString()).toBe('second');
  });

  test('a call nobody waits for any more is over on the server when the client is gone', async () => {
    const gone = call(peer.client, 'Never').catch(() => 'gone');
    await poll('the call on the server', () => (peer.waiting() === 1 ? true : undefined), { timeoutMs: 5_000 });
    peer.client.close();
    expect(await gone).toBe('gone');
    await poll('its end', () => (peer.waiting() === 0 ? true : undefined), { timeoutMs: 5_000 });
  });
});
