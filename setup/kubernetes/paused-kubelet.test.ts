import { copyFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { poll } from '../../helpers/poll.ts';
import { spawnDaemon } from '../../helpers/process/daemon.ts';
import { pauseKubelet } from './paused-kubelet.ts';

test('pauseKubelet stops the process of that name, but not one in a container, and continues it when it is disposed', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'kata-cc-kubelet-'));
  // The kernel cuts names of programs at 15 characters.
  const name = `kubelet${process.pid}`.slice(0, 15);
  const program = join(directory, name);
  const state = async (pid: string | number): Promise<string | undefined> =>
    (await readFile(`/proc/${pid}/stat`, 'utf8')).split(`(${name}) `)[1]?.[0];
  const inState = (pid: string | number, expected: string): Promise<true> => {
    const look = async (): Promise<true | undefined> => (await state(pid)) === expected || undefined;
    return poll(`${name} in state ${expected}`, look, { timeoutMs: 10_000 });
  };
  try {
    await copyFile('/bin/sleep', program);
    const logFile = '/dev/null';
    await using daemon = await spawnDaemon([program, '600'], { logFile });
    const inContainer = ['unshare', '--pid', '--fork', '--kill-child', program, '600'];
    await using container = await spawnDaemon(inContainer, { logFile });
    const child = async (): Promise<string | undefined> =>
      (await readFile(`/proc/${container.pid}/task/${container.pid}/children`, 'utf8')).trim() || undefined;
    const contained = await poll(`${name} in a container`, child, { timeoutMs: 10_000 });
    await inState(daemon.pid, 'S');
    await inState(contained, 'S');
    {
      await using _ = await pauseKubelet(name);
      await inState(daemon.pid, 'T');
      expect(await state(contained)).toBe('S');
    }
    await inState(daemon.pid, 'S');
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
});
