import { afterEach, expect, test } from 'vitest';
import { poll } from '../poll.ts';
import type { UnaryClient } from '../rpc/unary.ts';
import { memoryPipe } from '../vsock/memory-pipe.ts';
import { TtrpcChannel } from './channel.ts';
import { TtrpcConnection } from './connection.ts';
import { CONTRACT_SERVICE, contractDefinition } from './contract-service.ts';
import { serveTtrpc } from './server.ts';
import { TtrpcUnaryClient } from './unary-client.ts';

let connection: TtrpcConnection;
afterEach(() => connection[Symbol.asyncDispose]());

/** A client whose peer never answers. */
function clientOfSilentPeer(): UnaryClient {
  const [near, far] = memoryPipe();
  serveTtrpc(far, () => new Promise(() => {}));
  connection = new TtrpcConnection(near);
  return new TtrpcUnaryClient(new TtrpcChannel('memory', async () => connection));
}

test('a cancelled call of a ttrpc client without a deadline is no longer in flight', async () => {
  const client = clientOfSilentPeer();
  const { Echo } = contractDefinition;
  if (Echo === undefined) throw new Error('the contract service has no Echo');
  const method = { service: CONTRACT_SERVICE, name: 'Echo', definition: Echo };
  const call = client.request({ method, message: Buffer.from('x'), timeoutMs: Infinity }, () => {});
  await poll('the call in flight', () => (connection.inFlight === 1 ? true : undefined), { timeoutMs: 5_000 });
  call.cancel();
  expect(connection.inFlight).toBe(0);
});
