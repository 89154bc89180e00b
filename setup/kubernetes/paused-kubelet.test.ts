import { copyFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'vitest';
import { poll } from '../../helpers/poll.ts';
import { spawnDaemon } from '../../helpers/process/daemon.ts';
import { pauseKubelet } from './paused-kubelet.ts';

test('pauseKubelet stops the process of that name, and continues it when it is disposed', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'kata-cc-kubelet-'));
  // The kernel cuts names of programs at 15 characters.
  const name = `kubelet${process.pid}`.slice(0, 15);
  const program = join(directory, name);
  try {
    await copyFile('/bin/sleep', program);
    await using daemon = await spawnDaemon([program, '600'], { logFile: '/dev/null' });
    const stat = (): Promise<string> => readFile(`/proc/${daemon.pid}/stat`, 'utf8');
    const inState = (state: string): Promise<true> => {
      const look = async (): Promise<true | undefined> => (await stat()).includes(`(${name}) ${state} `) || undefined;
      return poll(`${name} in state ${state}`, look, { timeoutMs: 10_000 });
    };
    await inState('S');
    {
      await using _ = await pauseKubelet(name);
      await inState('T');
    }
    await inState('S');
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
});
