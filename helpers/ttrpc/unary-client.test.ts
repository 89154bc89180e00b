import { afterEach, expect, test } from 'vitest';
import { poll } from '../poll.ts';
import type { UnaryClient, UnaryMethod } from '../rpc/unary.ts';
import { memoryPipe } from '../vsock/memory-pipe.ts';
import { TtrpcChannel } from './channel.ts';
import { TtrpcConnection } from './connection.ts';
import { CONTRACT_SERVICE, contractDefinition } from './contract-service.ts';
import { serveTtrpc } from './server.ts';
import { status } from './status.ts';
import { TtrpcUnaryClient } from './unary-client.ts';

let connection: TtrpcConnection | undefined;
afterEach(async () => {
  await connection?.[Symbol.asyncDispose]();
  connection = undefined;
});

function echo(): UnaryMethod {
  const { Echo } = contractDefinition;
  if (Echo === undefined) throw new Error('the contract service has no Echo');
  return { service: CONTRACT_SERVICE, name: 'Echo', definition: Echo };
}

/** A client whose peer never answers. */
function clientOfSilentPeer(): { readonly client: UnaryClient; readonly connection: TtrpcConnection } {
  const [near, far] = memoryPipe();
  serveTtrpc(far, () => new Promise(() => {}));
  const own = new TtrpcConnection(near);
  connection = own;
  return { client: new TtrpcUnaryClient(new TtrpcChannel('memory', async () => own)), connection: own };
}

test('a cancelled call of a ttrpc client without a deadline is no longer in flight', async () => {
  const { client, connection } = clientOfSilentPeer();
  const call = client.request({ method: echo(), message: Buffer.from('x'), timeoutMs: Infinity }, () => {});
  await poll('the call in flight', () => (connection.inFlight === 1 ? true : undefined), { timeoutMs: 5_000 });
  call.cancel();
  expect(connection.inFlight).toBe(0);
});

test('a call of a ttrpc client whose deadline has passed before the dial fails with deadline_exceeded and without a warning of Node.js', async () => {
  const warnings: Error[] = [];
  const warned = (warning: Error): void => void warnings.push(warning);
  process.on('warning', warned);
  try {
    const client = new TtrpcUnaryClient(new TtrpcChannel('memory', () => new Promise(() => {})));
    const result = await new Promise((resolve) => {
      client.request({ method: echo(), message: Buffer.from('x'), timeoutMs: -500 }, resolve);
    });
    expect(result).toMatchObject({ code: status.DEADLINE_EXCEEDED, details: 'no connection within 0 ms' });
    expect(warnings).toEqual([]);
  } finally {
    process.off('warning', warned);
  }
});

test('a call of a connected ttrpc client whose deadline has passed fails with deadline_exceeded, within 0 ms', async () => {
  const { client } = clientOfSilentPeer();
  await new Promise((resolve) => {
    client.request({ method: echo(), message: Buffer.from('x'), timeoutMs: 100 }, resolve);
  });
  expect(client.connected).toBe(true);
  const result = await new Promise((resolve) => {
    client.request({ method: echo(), message: Buffer.from('x'), timeoutMs: -500 }, resolve);
  });
  expect(result).toMatchObject({ code: status.DEADLINE_EXCEEDED, details: expect.stringMatching(/within 0 ms$/) });
});
