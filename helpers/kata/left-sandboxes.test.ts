import { mkdir, rmdir } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { spawnDaemon } from '../daemon.ts';
import { run } from '../exec.ts';
import { fileExists } from '../files.ts';
import { poll } from '../poll.ts';
import { removeLeftSandbox, sandboxIds } from './left-sandboxes.ts';
import { SHARED_DIR } from './sandbox.ts';
import { sandboxTraces } from './traces.ts';

test('mounts and directories of a sandbox that nobody serves go', async () => {
  const id = `left-${process.pid}`;
  const shared = `${SHARED_DIR}/${id}`;
  await mkdir(`${shared}/mounts/one`, { recursive: true });
  await run(['mount', '-t', 'tmpfs', 'outer', `${shared}/mounts/one`]);
  await mkdir(`${shared}/mounts/one/inner`);
  await run(['mount', '-t', 'tmpfs', 'inner', `${shared}/mounts/one/inner`]);
  try {
    expect(await sandboxIds()).toContain(id);
    expect(await removeLeftSandbox(id)).toBe(true);
    expect(await sandboxIds()).not.toContain(id);
  } finally {
    if (await fileExists(shared)) await run(['umount', '--recursive', `${shared}/mounts/one`], { okCodes: [0, 1, 32] });
  }
});

test('one whose shim runs is left alone', async () => {
  const id = `alive-${process.pid}`;
  const asShim = 'exec -a containerd-shim-kata-v2 tail -f /dev/null "/$1"';
  await using _shim = await spawnDaemon(['bash', '-c', asShim, 'bash', id], { logFile: '/dev/null' });
  const named = async (): Promise<true | undefined> =>
    (await sandboxTraces(id)).shims.length === 1 ? true : undefined;
  await poll('the program with the name of a shim', named, { timeoutMs: 10_000 });
  await mkdir(`${SHARED_DIR}/${id}`, { recursive: true });
  try {
    expect(await removeLeftSandbox(id)).toBe(false);
    expect(await fileExists(`${SHARED_DIR}/${id}`)).toBe(true);
  } finally {
    await rmdir(`${SHARED_DIR}/${id}`);
  }
});
