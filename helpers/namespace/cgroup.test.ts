import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { AS_ROOT, testWhere } from '../contract/run-where.ts';
import { isThere } from '../files.ts';
import { cgroupDirectories, createCgroup, removeCgroup } from './cgroup.ts';

const FREEZER = '/sys/fs/cgroup/freezer';
const NAME = `kata-cc-test-${process.pid}`;
const HAS_FREEZER = AS_ROOT !== true ? AS_ROOT : (await isThere(FREEZER)) || 'needs the freezer of cgroup v1';

async function killedIn(cgroup: string): Promise<ChildProcess> {
  const child = spawn('sleep', ['1000']);
  await once(child, 'spawn');
  await writeFile(join(cgroup, 'cgroup.procs'), String(child.pid));
  await writeFile(join(cgroup, 'freezer.state'), 'FROZEN');
  child.kill('SIGKILL');
  return child;
}

testWhere(HAS_FREEZER)('removeCgroup removes a cgroup whose processes were killed while frozen', async () => {
  onTestFinished(() => removeCgroup(NAME));
  await createCgroup(`${NAME}/guest/container`);
  const child = await killedIn(join(FREEZER, NAME, 'guest', 'container'));
  const ended = once(child, 'exit');
  await removeCgroup(NAME);
  expect((await ended)[1]).toBe('SIGKILL');
  for (const directory of await cgroupDirectories(NAME)) expect(await isThere(directory)).toBe(false);
});
