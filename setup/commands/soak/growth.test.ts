import { once } from 'node:events';
import { mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { poll } from '../../../helpers/poll.ts';
import { spawnDaemon } from '../../../helpers/process/daemon.ts';
import { growth, takeSample } from './growth.ts';

test('growth of the soak test reports a leaked descriptor, socket, process and file', async () => {
  const runDir = await mkdtemp(join(tmpdir(), 'kata-cc-leaks-'));
  const place = { runDir, runId: 'leaks' };
  try {
    const before = await takeSample(place);
    expect(growth(before, before, 0)).toEqual([]);
    const server = createServer();
    await once(server.listen(join(runDir, 'socket')), 'listening');
    await using _file = await open(join(runDir, 'file'), 'w');
    await writeFile(join(runDir, 'file'), Buffer.alloc(10_240));
    const logFile = join(runDir, 'process.log');
    await using process = await spawnDaemon(['sleep', '60'], { logFile, env: { KATA_CC_RUN: 'leaks' } });
    // During execve, a process has no environment for a moment.
    const sleeps = async (): Promise<true | undefined> =>
      (await readFile(`/proc/${process.pid}/cmdline`, 'utf8')).startsWith('sleep') ? true : undefined;
    await poll('the start of sleep', sleeps, { timeoutMs: 5_000 });
    const grown = growth(before, await takeSample(place), Number.POSITIVE_INFINITY).map(
      (what) => what.split(' grew')[0],
    );
    server.close();
    expect(grown).toEqual(['file descriptors', 'sockets', 'processes', 'disk, KiB']);
  } finally {
    await rm(runDir, { recursive: true, force: true });
  }
});

test('growth of the soak test reports memory only beyond its tolerance', () => {
  const sample = (memory: number): Parameters<typeof growth>[0] => ({
    'file descriptors': 1,
    'memory, MiB': memory,
    mounts: 0,
    cgroups: 0,
    sockets: 0,
    processes: 0,
    'disk, KiB': 0,
  });
  expect(growth(sample(100), sample(132), 32)).toEqual([]);
  expect(growth(sample(100), sample(133), 32)).toEqual(['memory, MiB grew from 100 to 133']);
});
