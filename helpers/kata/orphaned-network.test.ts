import { readlink } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { fileExists } from '../files.ts';
import { poll } from '../poll.ts';
import { spawnDaemon } from '../process/daemon.ts';
import { run } from '../process/exec.ts';
import { networksOfRuntimeRs, removeUnusedNetworks } from './orphaned-network.ts';

test('removeUnusedNetworks removes a network namespace without processes and keeps that of a process', async () => {
  const names = ['empty', 'used'].map((name) => `cnitest-kata-cc-${process.pid}-${name}`);
  const [empty, used, gone] = [...names, 'cnitest-gone'].map((name) => `/run/netns/${name}`) as [
    string,
    string,
    string,
  ];
  for (const name of names) await run(['ip', 'netns', 'add', name]);
  try {
    await using user = await spawnDaemon(['nsenter', `--net=${used}`, 'sleep', '600'], { logFile: '/dev/null' });
    const networkOf = (pid: number): Promise<string> => readlink(`/proc/${pid}/ns/net`);
    const inside = async (): Promise<true | undefined> =>
      (await networkOf(user.pid)) === (await networkOf(process.pid)) ? undefined : true;
    await poll('a process in the network namespace', inside, { timeoutMs: 10_000 });
    expect(await networksOfRuntimeRs()).toEqual(expect.arrayContaining([empty, used]));
    await removeUnusedNetworks([empty, used, gone]);
    expect(await Promise.all([empty, used].map(fileExists))).toEqual([false, true]);
  } finally {
    for (const name of names) {
      if (await fileExists(`/run/netns/${name}`)) await run(['ip', 'netns', 'delete', name]);
    }
  }
});
