import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { IMAGES } from '../../../fixtures/images/catalogue.ts';
import { ctr } from '../../../helpers/containerd/ctr.ts';
import { CONTAINER_LABEL, removeOrphanedContainers } from '../../../helpers/containerd/orphans.ts';
import { AS_ROOT, testWhere } from '../../../helpers/contract/run-where.ts';
import { poll } from '../../../helpers/poll.ts';
import { run } from '../../../helpers/process/exec.ts';
import { processesWith } from '../../../helpers/process/process.ts';
import { TtrpcConnection } from '../../../helpers/ttrpc/connection.ts';
import { bridge } from '../../../helpers/vsock/socat.ts';
import { loadConfig } from '../../config/config.ts';
import { withTarget } from '../../config/validated.ts';
import { probeHost } from '../../host/probe.ts';
import { provisionSteps, type Session } from '../../session/engine.ts';
import { containerd } from '../../steps/containerd.ts';
import { imageKeys } from '../../steps/images/image-keys.ts';
import { images } from '../../steps/images/images.ts';
import { passwordRegistry, registry } from '../../steps/images/registry.ts';
import { registryStorage } from '../../steps/images/registry-storage.ts';
import { packages } from '../../steps/packages.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'kata-cc-parts-'));
});
afterEach(async () => {
  vi.useRealTimers();
  await rm(directory, { recursive: true, force: true });
});

/** The step that starts containerd, and the steps it needs. */
const STEPS = [packages, imageKeys, images, registryStorage, registry, passwordRegistry, containerd];

const quiet = { started: () => {}, said: () => {}, ended: () => {} };

/** Starts a containerd for a test, with the steps it needs. */
async function startContainerd(signal: AbortSignal): Promise<Session> {
  const config = { ...withTarget('local', loadConfig({ KATA_AGENT: 'stand-in' })), registryPort: 0 };
  return provisionSteps(STEPS, { config, host: await probeHost(config.cacheDir), progress: quiet, signal });
}

const TASK = [IMAGES.busybox.reference, 'kept', 'sleep', '3600'];
/** Arguments of `ctr` that start a task named `kept`. */
const RUN_KEPT = ['run', '--detach', '--runtime', 'io.containerd.runc.v2', ...TASK];

/** A server on a unix socket that accepts connections and never answers. */
async function silent(path: string): Promise<AsyncDisposable> {
  const open = new Set<Socket>();
  const server = createServer((socket) => open.add(socket.on('error', () => socket.destroy())));
  await once(server.listen(path), 'listening');
  return {
    async [Symbol.asyncDispose]() {
      for (const socket of open) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

test('an RPC call fails with UNAVAILABLE and names the signal if the socat of its connection is killed', async () => {
  const path = join(directory, 'peer');
  await using _peer = await silent(path);
  await using connection = new TtrpcConnection(await bridge(['socat', '-', `UNIX-CONNECT:${path}`]));
  const call = connection.call('s', 'm', Buffer.from('x'), { timeoutMs: 20_000 });
  const ended = expect(call).rejects.toMatchObject({
    code: 'unavailable',
    message: expect.stringContaining('was killed by SIGKILL'),
  });
  const [pid] = await pidsOf(`UNIX-CONNECT:${path}`);
  process.kill(pid ?? 0, 'SIGKILL');
  await ended;
});

describe('deadlines of calls', () => {
  test.for([3_600_000, -3_600_000])(
    "a clock jump of %i ms during an RPC call does not move the call's deadline",
    async (jump) => {
      const path = join(directory, 'peer');
      await using _peer = await silent(path);
      await using connection = new TtrpcConnection(await bridge(['socat', '-', `UNIX-CONNECT:${path}`]));
      const begun = performance.now();
      const call = connection.call('s', 'm', Buffer.from('x'), { timeoutMs: 500 });
      // Simulates setting the system clock: `Date` then jumps in JavaScript, but the monotonic clock does not.
      vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + jump });
      await expect(call).rejects.toMatchObject({ code: 'deadline_exceeded' });
      const took = performance.now() - begun;
      expect(took).toBeGreaterThan(450);
      expect(took).toBeLessThan(3_000);
    },
  );
});

testWhere(AS_ROOT)(
  'ctr fails without a timeout after the init process of containerd is killed, and disposal leaves no process of the run',
  async () => {
    for (let round = 0; round < 2; round += 1) {
      await using world = await startContainerd(AbortSignal.timeout(60_000));
      const endpoint = world.result(containerd);
      const client = ctr(endpoint);
      await client.run(RUN_KEPT);
      expect((await client.run(['tasks', 'list', '--quiet'])).stdout.trim()).toBe('kept');
      process.kill(endpoint.initPid, 'SIGKILL');
      await expect(client.run(['version'], { timeoutMs: 10_000 })).rejects.toMatchObject({ code: 'exec' });
      await world[Symbol.asyncDispose]();
      expect(await processesWith('KATA_CC_RUN', world.runId)).toEqual([]);
    }
  },
);

testWhere(AS_ROOT)(
  'a containerd killed without its shims is restarted with its tasks, which kept running',
  async () => {
    const signal = AbortSignal.timeout(60_000);
    await using world = await startContainerd(signal);
    const endpoint = world.result(containerd);
    const client = ctr(endpoint);
    await client.run(RUN_KEPT);
    const tasks = async (): Promise<string> => (await client.run(['tasks', 'list'], { timeoutMs: 5_000 })).stdout;
    const before = await tasks();
    expect(before).toMatch(/^kept +\d+ +RUNNING/m);
    const [old] = await containerdsIn(endpoint.initPid);
    process.kill(old ?? 0, 'SIGKILL');
    const again = async (): Promise<number | undefined> => {
      const [pid] = (await containerdsIn(endpoint.initPid)).filter((other) => other !== old);
      return pid;
    };
    await poll('containerd being started again', again, { timeoutMs: 10_000, signal });
    expect(await poll('a response of containerd', tasks, { timeoutMs: 20_000, intervalMs: 100, signal })).toBe(before);
    await client.run(['tasks', 'exec', '--exec-id', 'after', 'kept', 'true']);
  },
);

testWhere(AS_ROOT)(
  'removeOrphanedContainers removes running and stopped containers of a killed run, and no others',
  async () => {
    await using world = await startContainerd(AbortSignal.timeout(60_000));
    const endpoint = world.result(containerd);
    const client = ctr(endpoint);
    const task = (id: string, runId: string, command: string): string[] => {
      const flags = ['--detach', '--runtime', 'io.containerd.runc.v2', '--label', `${CONTAINER_LABEL}=${runId}`];
      return ['run', ...flags, IMAGES.busybox.reference, id, ...command.split(' ')];
    };
    await client.run(task('running', 'killed', 'sleep 3600'));
    await client.run(task('over', 'killed', 'true'));
    await client.run(task('other', 'another', 'sleep 3600'));
    await client.run(RUN_KEPT);
    await removeOrphanedContainers(endpoint.socket, 'killed');
    const listed = async (what: string): Promise<string[]> =>
      (await client.run([what, 'list', '--quiet'])).stdout.trim().split('\n').sort();
    expect(await listed('containers')).toEqual(['kept', 'other']);
    expect(await listed('tasks')).toEqual(['kept', 'other']);
    await removeOrphanedContainers(join(directory, 'no.sock'), 'killed');
  },
);

/** Pids of containerd processes in the pid namespace of a process. */
async function containerdsIn(pid: number): Promise<number[]> {
  const { stdout } = await run(['pgrep', '--exact', '--ns', String(pid), '--nslist', 'pid', 'containerd'], {
    okCodes: [0, 1],
  });
  return stdout.split('\n').filter(Boolean).map(Number);
}

async function pidsOf(text: string): Promise<number[]> {
  const { stdout } = await run(['pgrep', '-f', text]);
  return stdout.trim().split('\n').map(Number);
}
