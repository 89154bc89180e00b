import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { HarnessError } from '../../helpers/errors.ts';
import { createCgroup, removeCgroup } from '../../helpers/namespace/cgroup.ts';
import { poll } from '../../helpers/poll.ts';
import { spawnDaemon } from '../../helpers/process/daemon.ts';
import { run } from '../../helpers/process/exec.ts';
import { RUN_LABEL } from '../../helpers/process/run-label.ts';
import { findLeaks, type Places, placesHere } from './leaks.ts';

let directory: string;
let places: Places;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'kata-cc-leaks-'));
  const inHere = join(directory, 'temporary');
  await mkdir(inHere);
  places = { ...(await placesHere()), runs: join(directory, 'runs'), temporary: [[inHere, 'kata-cc-']] };
});
afterEach(() => rm(directory, { recursive: true, force: true }));

/** The leaked resources whose description contains a text; other runs on this machine have resources as well. */
const found = async (about: string): Promise<string[]> =>
  (await findLeaks(places)).filter((leak) => leak.includes(about));

test('findLeaks finds nothing on a machine without run directories', async () => {
  expect(await found(directory)).toEqual([]);
});

test('findLeaks finds the leaked directory of a run', async () => {
  await mkdir(join(places.runs, 'a run'), { recursive: true });
  expect(await found(directory)).toEqual([`directory ${places.runs}/a run`]);
});

test('findLeaks finds a leaked temporary file', async () => {
  await writeFile(join(directory, 'temporary/kata-cc-left behind'), '');
  await writeFile(join(directory, 'temporary/of others'), '');
  expect(await found(directory)).toEqual([`file ${directory}/temporary/kata-cc-left behind`]);
});

test('findLeaks finds a leaked open socket', async () => {
  await mkdir(places.runs);
  const server = createServer();
  await new Promise<void>((listening) => server.listen(join(places.runs, 's o'), listening));
  try {
    expect(await found('socket')).toContain(`socket ${places.runs}/s o`);
  } finally {
    await new Promise((closed) => server.close(closed));
  }
});

test('findLeaks finds a leaked mount', async () => {
  const point = join(directory, 'my data');
  await mkdir(point);
  await run(['mount', '-t', 'tmpfs', 'none', point]);
  try {
    expect(await found('mount')).toContain(`mount ${point}`);
  } finally {
    await run(['umount', point]);
  }
});

test('findLeaks finds a leaked cgroup', async () => {
  const name = `kata-cc/leaks-${process.pid}`;
  await createCgroup(name);
  try {
    expect((await found('cgroup')).filter((leak) => leak.endsWith(`/${name}`))).not.toEqual([]);
  } finally {
    await removeCgroup(name);
  }
});

test('findLeaks finds a leaked process', async () => {
  const logFile = join(directory, 'log');
  await using left = await spawnDaemon(['sleep', '61'], { logFile, env: { [RUN_LABEL]: 'leaks' } });
  const seen = async (): Promise<string | undefined> => (await found(`process ${left.pid} `))[0];
  // The process is waited for: during execve a process has no environment for a moment.
  expect(await poll('the process being seen', seen, { timeoutMs: 5_000 })).toMatch(/ sleep 61 ?$/);
});

/** Creates a directory like /proc in which one file cannot be read. */
async function procWith(odd: string): Promise<string> {
  const proc = join(directory, 'proc');
  for (const name of ['self', 'net', '1']) await mkdir(join(proc, name), { recursive: true });
  for (const name of ['self/mountinfo', 'net/unix', '1/environ']) {
    if (name !== odd) await writeFile(join(proc, name), '');
    // A directory in place of the file: it exists, but cannot be read as a file.
    else await mkdir(join(proc, name));
  }
  return proc;
}

test.for([
  ['mounts', 'self/mountinfo'],
  ['sockets', 'net/unix'],
  ['processes', '1/environ'],
])('findLeaks fails if it cannot search for leaked %s', async ([what, odd = '']) => {
  const proc = await procWith(odd);
  await expect(findLeaks({ ...places, proc })).rejects.toThrow(`cannot search for leaked ${what}: EISDIR`);
});

test('findLeaks fails if /proc has no mount table', async () => {
  const proc = await procWith('self/mountinfo');
  await rm(join(proc, 'self/mountinfo'), { recursive: true });
  await expect(findLeaks({ ...places, proc })).rejects.toThrow('cannot search for leaked mounts: ENOENT');
});

test.for([
  ['directories of runs', (file: string) => ({ runs: file })],
  ['cgroups', (file: string) => ({ cgroups: [file] })],
  ['temporary files', (file: string) => ({ temporary: [[file, '']] as const })],
] as const)('findLeaks fails if it cannot search for leaked %s', async ([what, odd]) => {
  const file = join(directory, 'file');
  await writeFile(file, '');
  const looking = findLeaks({ ...places, ...odd(file) });
  await expect(looking).rejects.toThrow(HarnessError);
  await expect(looking).rejects.toThrow(`cannot search for leaked ${what}: ENOTDIR`);
});

test('findLeaks ignores a process that ends during the search', async () => {
  const proc = await procWith('');
  await rm(join(proc, '1/environ'));
  expect((await findLeaks({ ...places, proc, cgroups: [] })).filter((leak) => leak.startsWith('process'))).toEqual([]);
});
