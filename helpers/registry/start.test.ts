import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { run } from '../process/exec.ts';
import { type BrokenEngine, listenBroken, NO_NETWORK, RATE_LIMIT } from './broken-engine.example.ts';
import { failureIn } from './container.ts';
import { whyNoEngine } from './engine.ts';
import { type StartedRegistry, startRegistry } from './start.ts';

const registryProgram = await run(['sh', '-c', 'command -v docker-registry'], { okCodes: [0, 127, 1] });
const noRegistry = registryProgram.exitCode === 0 ? undefined : 'docker-registry is missing';

/** Timeouts for the Docker engine's first response, and for the start of the registry, in milliseconds. */
const [ANSWER_MS, START_MS] = [500, 6_000];
const TIMEOUT_MS = 60_000;

let directory: string;
let engine: { readonly DOCKER_HOST: string; readonly TESTCONTAINERS_HOST_OVERRIDE: string };
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'kata-cc-engine-'));
  await mkdir(join(directory, 'storage'));
  engine = {
    DOCKER_HOST: `unix://${directory}/docker.sock`,
    // Set because in a container testcontainers would ask the Docker engine for its host address.
    TESTCONTAINERS_HOST_OVERRIDE: '127.0.0.1',
  };
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const start = (runner: 'auto' | 'docker', signal?: AbortSignal): Promise<StartedRegistry> =>
  startRegistry({
    ...{ runner, engine, signal, answerTimeoutMs: ANSWER_MS, startTimeoutMs: START_MS },
    ...{ dir: directory, storage: join(directory, 'storage') },
  });

const BROKEN: readonly (readonly [kind: BrokenEngine, reason: string])[] = [
  ['silent', 'did not answer within 0.5 s'],
  ['garbage', 'no Docker engine answers at unix:///'],
  ['web-server', 'is not a Docker engine: GET /_ping answers 404 without Api-Version'],
  ['half-silent', 'it did not start within 6 s'],
  ['rate-limited', RATE_LIMIT],
  ['rate-limited-later', RATE_LIMIT],
  ['no-network', NO_NETWORK],
  ['endless-pull', 'it did not start within 6 s'],
];

describe('broken Docker engines', { timeout: TIMEOUT_MS }, () => {
  test.for(BROKEN)(
    'KATA_REGISTRY=auto falls back to a process and gives the reason when the Docker engine is broken: %s',
    async ([kind, reason], context) => {
      if (noRegistry !== undefined) context.skip(noRegistry);
      await using _engine = await listenBroken(kind, join(directory, 'docker.sock'));
      await using registry = await start('auto');
      expect(registry.notInDocker).toContain(reason);
      expect(registry.notInDocker).toContain(engine.DOCKER_HOST);
      expect((await fetch(`http://${registry.address}/v2/`)).status).toBe(200);
    },
  );

  test.for(BROKEN)(
    'KATA_REGISTRY=docker fails with reason and remedy when the Docker engine is broken: %s',
    async ([kind, reason]) => {
      await using _engine = await listenBroken(kind, join(directory, 'docker.sock'));
      const message = await start('docker').then(
        async (registry) => {
          await registry[Symbol.asyncDispose]();
          return 'it started';
        },
        (error: Error) => error.message,
      );
      expect(message).toMatch(/^KATA_REGISTRY=docker: /);
      expect(message).toContain(reason);
      expect(message).toMatch(
        reason === RATE_LIMIT ? /`docker login`.*, or set KATA_REGISTRY=process$/ : /, or set KATA_REGISTRY=process$/,
      );
    },
  );

  test('startRegistry does not wait again for a Docker engine that did not answer before', async (context) => {
    if (noRegistry !== undefined) context.skip(noRegistry);
    await using _engine = await listenBroken('silent', join(directory, 'docker.sock'));
    await (await start('auto'))[Symbol.asyncDispose]();
    const begun = performance.now();
    await using again = await start('auto');
    expect(again.notInDocker).toContain('did not answer');
    expect(performance.now() - begun).toBeLessThan(ANSWER_MS);
  });

  test('startRegistry fails with the reason of its signal when it is aborted during a pull', async () => {
    await using _engine = await listenBroken('endless-pull', join(directory, 'docker.sock'));
    const controller = new AbortController();
    const starting = start('auto', controller.signal);
    setTimeout(() => controller.abort(new Error('interrupted')), 1_500);
    await expect(starting).rejects.toThrow('interrupted');
  });
});

describe('whyNoEngine', () => {
  const why = (address: string): Promise<string | undefined> => whyNoEngine(address, {}, { timeoutMs: ANSWER_MS });

  test('whyNoEngine reports ENOENT for a missing socket', async () => {
    expect(await why(engine.DOCKER_HOST)).toMatch(/^no Docker engine answers at unix:.*ENOENT/);
  });

  test('whyNoEngine reports ECONNREFUSED for a TCP port without a listener', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    await new Promise((resolve) => server.close(resolve));
    expect(await why(`tcp://127.0.0.1:${port}`)).toMatch(/ECONNREFUSED/);
  });

  test.for(['nonsense', 'unix://', 'npipe:////./pipe/docker', ''])(
    'whyNoEngine returns a reason for the Docker engine address %j',
    async (address) => {
      expect(await why(address)).toMatch(
        /is not an address of a Docker engine; expected unix:\/\/\/path or tcp:\/\/host:port$/,
      );
    },
  );

  test('whyNoEngine does not check a Docker engine behind ssh or TLS', async () => {
    expect(await why('ssh://user@host')).toBeUndefined();
    expect(await whyNoEngine('tcp://host:2376', { DOCKER_TLS_VERIFY: '1' }, { timeoutMs: ANSWER_MS })).toBeUndefined();
  });
});

test('failureIn lists each reason for a failed start in the log of a registry container once', () => {
  const pull = JSON.stringify({ errorDetail: { message: 'a "b"' }, error: 'a "b"' });
  const strategy = 'testcontainers [DEBUG] Container runtime strategy "X" does not work: "Error: no such network "';
  expect(failureIn(`testcontainers:pull ${pull}\n${pull}\n${strategy}\nfailed: No such image \n`)).toBe(
    'a "b"; no such network; No such image',
  );
  expect(failureIn('nothing failed here\n')).toBeUndefined();
});
