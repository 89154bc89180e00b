import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { AgentUnderTest, Generation } from '../../helpers/contract/target.ts';
import { type Agent, connectAgent } from '../../helpers/rpc/agent.ts';
import { TtrpcServerConnection, TtrpcStatus } from '../../helpers/ttrpc/server.ts';
import { implement, routes } from '../../helpers/ttrpc/service.ts';
import { status } from '../../helpers/ttrpc/status.ts';
import { loadAgentProtos } from '../../protos/load.ts';
import { whyOtherGeneration } from '../steps/agent/agent-protos.ts';
import { checkAgent } from './agent-identity.ts';

const CALL_MS = 2_000;

/**
 * The status with which an agent answers `grpc.Image/PullImage` without an image; `undefined` for an agent that never
 * answers.
 */
type Answer = readonly [code: number, message: string] | undefined;

const INVALID_NAME: Answer = [status.INTERNAL, 'Invalid image name. '];
/**
 * The answers of agents without the service `grpc.Image`: of CCv0, of main, and of servers with other ttrpc libraries.
 */
const LACKING: readonly Answer[] = [
  [status.INVALID_ARGUMENT, '/grpc.Image/PullImage does not exist'],
  [status.INVALID_ARGUMENT, 'grpc.Image service does not exist'],
  [status.UNIMPLEMENTED, 'PullImage method'],
  [status.UNIMPLEMENTED, '/grpc.Image/PullImage is not supported'],
];

let directory: string;
let stack: AsyncDisposableStack;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'kata-cc-identity-'));
  stack = new AsyncDisposableStack();
});
afterEach(async () => {
  await stack.disposeAsync();
  await rm(directory, { recursive: true, force: true });
});

/** A client of an agent that reports this version, and gives this answer to PullImage. */
async function agent(version: string, answer: Answer): Promise<Agent> {
  const protos = loadAgentProtos({ generation: 'skopeo' });
  const health = protos.services.get('grpc.Health') ?? {};
  const pull = async (): Promise<Uint8Array> => {
    if (answer === undefined) return new Promise(() => {});
    throw new TtrpcStatus(...answer);
  };
  const handler = routes([
    implement('grpc.Health', health, { version: async () => ({ agentVersion: version }) }),
    { service: 'grpc.Image', methods: new Map([['PullImage', pull]]) },
  ]);
  const socket = join(directory, 'agent.sock');
  const server = createServer((stream) => void stack.use(new TtrpcServerConnection(stream, handler)));
  stack.defer(() => new Promise((resolve) => void server.close(() => resolve())));
  await once(server.listen(socket), 'listening');
  return stack.use(connectAgent(`unix://${socket}`, { protos, timeoutMs: CALL_MS }));
}

const expected = (generation: Generation): AgentUnderTest => ({
  kind: 'kata-agent',
  version: '2.3.0',
  generation,
  path: '/path/to/kata-agent',
});

describe('checkAgent', () => {
  test.for<Generation>(['skopeo', 'image-rs'])(
    'checkAgent accepts an agent of generation %s that rejects an image without a name',
    async (generation) => {
      await checkAgent(await agent('2.3.0', INVALID_NAME), expected(generation), CALL_MS);
    },
  );

  test('checkAgent accepts an agent of generation skopeo that rejects an image without a name as UNKNOWN', async () => {
    const answer: Answer = [status.UNKNOWN, 'Invalid image name. '];
    await checkAgent(await agent('2.3.0', answer), expected('skopeo'), CALL_MS);
  });

  test.for(LACKING)('checkAgent accepts an agent of generation guest-pull that answers %j', async (answer) => {
    await checkAgent(await agent('2.3.0', answer), expected('guest-pull'), CALL_MS);
  });

  test.for(LACKING)('checkAgent rejects an agent of generation skopeo that answers %j', async (answer) => {
    await expect(checkAgent(await agent('2.3.0', answer), expected('skopeo'), CALL_MS)).rejects.toThrow(
      /^\/path\/to\/kata-agent was detected as an agent of generation skopeo, but the agent in the guest has no grpc\.Image; set KATA_AGENT/,
    );
  });

  test('checkAgent rejects an agent of generation guest-pull that serves grpc.Image', async () => {
    await expect(checkAgent(await agent('2.3.0', INVALID_NAME), expected('guest-pull'), CALL_MS)).rejects.toThrow(
      'of generation guest-pull, but the agent in the guest serves grpc.Image',
    );
  });

  test('checkAgent rejects an agent of another version than set-up installed', async () => {
    await expect(checkAgent(await agent('2.4.0', INVALID_NAME), expected('skopeo'), CALL_MS)).rejects.toThrow(
      /^the agent in the guest is version 2\.4\.0, but set-up installed version 2\.3\.0 /,
    );
  });

  test('checkAgent does not treat an agent that never answers as one without grpc.Image', async () => {
    await expect(checkAgent(await agent('2.3.0', undefined), expected('guest-pull'), 100)).rejects.toMatchObject({
      code: 'deadline_exceeded',
    });
  });
});

describe('generations of KATA_PROTOS and of an agent', () => {
  const why = (protos: Generation, generation: Generation): string | undefined =>
    whyOtherGeneration(protos, { kind: 'kata-agent', version: '2.3.0', generation }, '/checkout');

  test('KATA_PROTOS fit an agent if both have grpc.Image or neither has', () => {
    expect(why('skopeo', 'skopeo')).toBeUndefined();
    expect(why('skopeo', 'image-rs')).toBeUndefined();
    expect(why('guest-pull', 'guest-pull')).toBeUndefined();
  });

  test.for<[Generation, Generation]>([
    ['guest-pull', 'skopeo'],
    ['guest-pull', 'image-rs'],
    ['skopeo', 'guest-pull'],
  ])('KATA_PROTOS of %s do not fit an agent of %s; the error names both and the settings', ([protos, generation]) => {
    const problem = why(protos, generation) ?? '';
    expect(problem).toMatch(new RegExp(`^KATA_PROTOS=/checkout: these protos are of generation ${protos}\\b`));
    expect(problem).toContain(`kata-agent 2.3.0 is of generation ${generation} (`);
    expect(problem).toMatch(/unset KATA_PROTOS.*KATA_AGENT=source with katacontainers_repo/);
  });
});
