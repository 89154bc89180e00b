import { InterceptingCall, type MethodDefinition } from '@grpc/grpc-js';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { RpcRecord } from '../contract/rpc-record.ts';
import { poll } from '../poll.ts';
import { grpcPeer, type Peer, TTRPC_PEERS } from '../ttrpc/contract-peers.ts';
import { CONTRACT_SERVICE, contractDefinition } from '../ttrpc/contract-service.ts';
import { RpcClient, type RpcClientOptions } from './client.ts';

interface Transport {
  readonly start: () => Promise<Peer>;
  readonly options: Pick<RpcClientOptions, 'interceptors' | 'transport'>;
}

const ttrpc = TTRPC_PEERS['a unix socket'] as () => Promise<Peer>;

const NOTHING = Buffer.alloc(0);

/** What specs use, beside grpc-js's own client and server as the reference. */
const TRANSPORTS: Readonly<Record<string, Transport>> = {
  ttrpc: { start: ttrpc, options: {} },
  'ttrpc with an interceptor': {
    start: ttrpc,
    options: { interceptors: [(options, nextCall) => new InterceptingCall(nextCall(options))] },
  },
  'gRPC, by grpc-js itself': { start: grpcPeer, options: { transport: 'grpc' } },
};

describe.for(Object.entries(TRANSPORTS))('RpcClient over %s', ([, { options, start }]) => {
  let peer: Peer;
  let client: RpcClient;
  let records: RpcRecord[];
  beforeEach(async () => {
    peer = await start();
    records = [];
    const onCall = (record: RpcRecord): void => void records.push(record);
    client = open({ ...options, onCall });
  });
  afterEach(async () => {
    await client[Symbol.asyncDispose]();
    await peer[Symbol.asyncDispose]();
  });

  function open(own: Partial<RpcClientOptions>, definition = contractDefinition): RpcClient {
    const services = new Map([[CONTRACT_SERVICE, definition]]);
    return new RpcClient(`unix://${peer.socket}`, services, { timeoutMs: 5_000, ...own });
  }

  test('a successful call of an RpcClient resolves to the response, and leaves a record', async () => {
    expect(await client.call('Echo', Buffer.from('hello'))).toEqual(Buffer.from('hello'));
    expect(records).toEqual([
      {
        method: `${CONTRACT_SERVICE}/Echo`,
        request: 'hello',
        status: 'ok',
        details: '',
        response: 'hello',
        startedAt: expect.any(Number),
        durationMs: expect.any(Number),
      },
    ]);
  });

  test('a failed call of an RpcClient rejects with RpcError, caused by a ServiceError, and leaves a record', async () => {
    await expect(client.call('Fail', Buffer.from('5|no such thing'))).rejects.toMatchObject({
      name: 'RpcError',
      code: 'not_found',
      status: 5,
      method: `${CONTRACT_SERVICE}/Fail`,
      details: 'no such thing',
      message: `[not_found] ${CONTRACT_SERVICE}/Fail: no such thing`,
      cause: { code: 5, details: 'no such thing', message: '5 NOT_FOUND: no such thing' },
    });
    expect(records).toMatchObject([{ status: 'not_found', details: 'no such thing', request: '5|no such thing' }]);
  });

  test('the stack of the RpcError of a failed call has the function that awaits the call', async () => {
    const awaitingFunction = async (): Promise<void> => void (await client.call('Fail', Buffer.from('5|no')));
    const error = await awaitingFunction().catch((error: Error) => error);
    expect(error?.stack).toContain('awaitingFunction');
  });

  test('a call of an RpcClient has the deadline of the client, or its own', async () => {
    const left = async (timeoutMs?: number): Promise<number> => {
      await client.call('Echo', NOTHING);
      return Number(String(await client.call('Deadline', NOTHING, { timeoutMs })));
    };
    expect(await left()).toBeGreaterThan(2_500);
    expect(await left()).toBeLessThanOrEqual(5_000);
    expect(await left(60_000)).toBeGreaterThan(30_000);
    await expect(client.call('Never', NOTHING, { timeoutMs: 30 })).rejects.toMatchObject({
      code: 'deadline_exceeded',
    });
  });

  test('a call of an RpcClient sends its metadata, with keys in lower case', async () => {
    const seen = String(await client.call('Metadata', NOTHING, { metadata: { 'X-Kata': 'yes' } }));
    expect(seen).toContain('["x-kata","yes"]');
    await expect(client.call('Metadata', NOTHING, { metadata: { 'no key': 'x' } })).rejects.toThrow(
      'Metadata key "no key" contains illegal characters',
    );
  });

  test('a call of an RpcClient ends with CANCELLED when its signal aborts, or if it has aborted before', async () => {
    const controller = new AbortController();
    await client.call('Echo', NOTHING);
    const call = client.call('Never', NOTHING, { signal: controller.signal });
    const cancelled = expect(call).rejects.toMatchObject({ code: 'cancelled', details: 'Cancelled on client' });
    await poll('the call on the server', () => (peer.waiting() === 1 ? true : undefined), { timeoutMs: 5_000 });
    controller.abort();
    await cancelled;
    await expect(client.call('Echo', NOTHING, { signal: controller.signal })).rejects.toMatchObject({
      code: 'cancelled',
    });
  });

  test('a request that an RpcClient cannot encode rejects with internal, also with a signal', async () => {
    const requestSerialize = (): never => {
      throw new Error('not of this type');
    };
    const { Echo } = contractDefinition;
    const definition = { Echo: { ...(Echo as MethodDefinition<object, object>), requestSerialize } };
    await using broken = open(options, definition);
    const { signal } = new AbortController();
    await expect(broken.call('Echo', {}, { signal })).rejects.toMatchObject({
      code: 'internal',
      details: 'Request message serialization failure: not of this type',
    });
  });

  test('a call of an RpcClient whose address nothing listens on rejects with unavailable', async () => {
    await using lost = new RpcClient(`unix://${peer.socket}-gone`, new Map([[CONTRACT_SERVICE, contractDefinition]]), {
      timeoutMs: 5_000,
      ...options,
    });
    await expect(lost.call('Echo', NOTHING)).rejects.toMatchObject({ code: 'unavailable' });
    expect(lost.connected).toBe(false);
  });

  test('a call of an RpcClient without a request sends the default message', async () => {
    const { Echo } = contractDefinition;
    const requestSerialize = (message: object): Buffer => Buffer.from(JSON.stringify(message));
    const definition = { Echo: { ...(Echo as MethodDefinition<object, object>), requestSerialize } };
    await using plain = open(options, definition);
    expect(String(await plain.call('Echo'))).toBe('{}');
  });
});

test.for(['ttrpc', 'ttrpc with an interceptor'])(
  'an RpcClient over %s calls a renamed service by the name of the peer, and records it by that of the protos',
  async (transport) => {
    const { options, start } = TRANSPORTS[transport] as Transport;
    await using peer = await start();
    const records: RpcRecord[] = [];
    await using client = new RpcClient(`unix://${peer.socket}`, new Map([['earlier.Service', contractDefinition]]), {
      ...options,
      timeoutMs: 5_000,
      onCall: (record) => void records.push(record),
      renamed: new Map([['earlier.Service', CONTRACT_SERVICE]]),
    });
    expect(await client.call('Echo', Buffer.from('hello'))).toEqual(Buffer.from('hello'));
    expect(records).toMatchObject([{ method: 'earlier.Service/Echo', status: 'ok' }]);
  },
);
