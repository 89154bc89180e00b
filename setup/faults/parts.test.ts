import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { IMAGES } from '../../fixtures/images.ts';
import { bridge } from '../../helpers/bridge.ts';
import { ctr } from '../../helpers/ctr.ts';
import { run } from '../../helpers/exec.ts';
import { processesWith } from '../../helpers/process.ts';
import { TtrpcConnection } from '../../helpers/ttrpc/connection.ts';
import { aimedAt, loadConfig } from '../config.ts';
import { probeHost } from '../host.ts';
import { provision } from '../run.ts';
import { containerd } from '../steps/containerd.ts';
import { images } from '../steps/images.ts';
import { packages } from '../steps/packages.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'kata-cc-parts-'));
});
afterEach(async () => {
  vi.useRealTimers();
  await rm(directory, { recursive: true, force: true });
});

/** A server that takes calls and never answers. */
async function silent(path: string): Promise<AsyncDisposable> {
  const open = new Set<Socket>();
  const server = createServer((socket) => open.add(socket.on('error', () => socket.destroy())));
  await new Promise<void>((resolve) => server.listen(path, resolve));
  return {
    async [Symbol.asyncDispose]() {
      for (const socket of open) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

test('socat that dies under a call ends it with UNAVAILABLE and says how it died', async () => {
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

describe('a clock that jumps while a call is under way moves no deadline', () => {
  test.for([3_600_000, -3_600_000])('by %i ms', async (jump) => {
    const path = join(directory, 'peer');
    await using _peer = await silent(path);
    await using connection = new TtrpcConnection(await bridge(['socat', '-', `UNIX-CONNECT:${path}`]));
    const begun = performance.now();
    const call = connection.call('s', 'm', Buffer.from('x'), { timeoutMs: 500 });
    // As JavaScript sees a clock that was set: `Date` jumps, what counts from the start of the process does not.
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + jump });
    await expect(call).rejects.toMatchObject({ code: 'deadline_exceeded' });
    const took = performance.now() - begun;
    expect(took).toBeGreaterThan(450);
    expect(took).toBeLessThan(3_000);
  });
});

test.runIf(process.getuid?.() === 0)(
  'containerd that is killed is missed at once, and starts again beside nothing old',
  async () => {
    const config = { ...aimedAt('local', loadConfig({ KATA_AGENT: 'stand-in' })), registryPort: 0 };
    const host = await probeHost(config.cacheDir);
    const quiet = { started: () => {}, said: () => {}, ended: () => {} };
    const start = (): ReturnType<typeof provision> =>
      provision([packages, images, containerd], { config, host, progress: quiet, signal: AbortSignal.timeout(60_000) });
    for (let round = 0; round < 2; round += 1) {
      await using world = await start();
      const endpoint = world.result(containerd);
      const client = ctr(endpoint);
      await client.run([
        'run',
        '--detach',
        '--runtime',
        'io.containerd.runc.v2',
        IMAGES.busybox.reference,
        'kept',
        'sleep',
        '3600',
      ]);
      expect((await client.run(['tasks', 'list', '--quiet'])).stdout.trim()).toBe('kept');
      process.kill(endpoint.initPid, 'SIGKILL');
      await expect(client.run(['version'], { timeoutMs: 10_000 })).rejects.toMatchObject({ code: 'exec' });
      await world[Symbol.asyncDispose]();
      expect(await processesWith('KATA_CC_RUN', world.runId)).toEqual([]);
    }
  },
);

async function pidsOf(text: string): Promise<number[]> {
  const { stdout } = await run(['pgrep', '-f', text]);
  return stdout.trim().split('\n').map(Number);
}
