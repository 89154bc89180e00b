import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { loadAgentProtos } from '../../protos/load.ts';
import { contractDefinition } from '../ttrpc/contract-service.ts';
import { connectAgent } from './agent.ts';
import { RpcClient, withMethods } from './client.ts';

/**
 * Protos of several services with equal method names, as a checkout of Kata's main branch declares them beside the
 * agent's.
 */
const PROTOS = {
  'agent.proto': 'package grpc; message E {} service AgentService { rpc GetMetrics(E) returns (E); }',
  'health.proto': 'package grpc; message H {} service Health { rpc Version(H) returns (H); }',
  'a-hub.proto': 'package api; message P {} service ImagePullService { rpc PullImage(P) returns (P); }',
  'a-remote.proto': 'package hypervisor; message V {} service Hypervisor { rpc Version(V) returns (V); }',
} as const;

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'kata-cc-rpc-'));
  for (const [name, text] of Object.entries(PROTOS)) {
    await writeFile(join(directory, name), `syntax = "proto3"; ${text}`);
  }
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const timeoutMs = 5_000;

const unreachable = (): string => `unix://${directory}/no.sock`;

describe('a method name that several services have', () => {
  test('calling a method that several services have rejects on a plain RPC client, and names the full names', async () => {
    const { services } = loadAgentProtos({ generation: 'guest-pull', directory });
    await using client = new RpcClient(unreachable(), services, { timeoutMs });
    const named = withMethods<{ version(request: object): Promise<object> }>(client);
    const rejection = {
      code: 'ambiguous-method',
      message: expect.stringMatching(
        /is a method of several services; call one of (?=.*grpc\.Health\/Version)(?=.*hypervisor\.Hypervisor\/Version)/,
      ),
    };
    await expect(named.version({})).rejects.toMatchObject(rejection);
    await expect(client.call('Version')).rejects.toMatchObject(rejection);
  });

  test("calling a method that several services have reaches the agent's on an agent client, in whichever order protos are loaded", async () => {
    const protos = loadAgentProtos({ generation: 'guest-pull', directory });
    await using agent = connectAgent(unreachable(), { protos, timeoutMs });
    await expect(agent.version({})).rejects.toMatchObject({ code: 'unavailable', method: 'grpc.Health/Version' });
  });
});

test('methods of services that the agent itself calls are no members of an agent client, but can be called by name', async () => {
  const protos = loadAgentProtos({ generation: 'guest-pull', directory });
  await using agent = connectAgent(unreachable(), { protos, timeoutMs });
  expect('pullImage' in agent).toBe(false);
  await expect(agent.call('PullImage')).rejects.toMatchObject({ method: 'api.ImagePullService/PullImage' });
});

describe('a method with a name that a client cannot have', () => {
  const names = ['Echo', 'Then', 'Call', 'Address', 'Constructor', 'HasOwnProperty'];
  const odd = (): RpcClient & { readonly [name: string]: unknown } => {
    const { Echo } = contractDefinition;
    const definition = Object.fromEntries(names.flatMap((name) => (Echo === undefined ? [] : [[name, Echo]])));
    return withMethods(new RpcClient(unreachable(), new Map([['kata.cc.Odd', definition]]), { timeoutMs }));
  };

  test('an RPC client gets no member `then` for a method Then, which would make it a promise that never settles', async () => {
    await using client = odd();
    expect(client['echo']).toBeTypeOf('function');
    expect('then' in client).toBe(false);
    expect(await client).toBe(client);
  });

  test.for(['call', 'address', 'constructor', 'hasOwnProperty'])(
    'an RPC client keeps its own member %s although a proto declares an RPC method of that name',
    async (name) => {
      await using client = odd();
      expect(Object.hasOwn(client, name)).toBe(false);
    },
  );
});
