import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest';
import { AS_ROOT, testWhere } from '../../helpers/contract/run-where.ts';
import { isThere } from '../../helpers/files.ts';
import { cgroupDirectories, createCgroup, removeCgroup } from '../../helpers/namespace/cgroup.ts';
import { findRemnants, newRemnants, type Remnants, removeRemnants } from './remnants.ts';

let directory: string;
let remnants: Remnants;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'kata-cc-remnants-'));
  remnants = {
    directories: [join(directory, 'run/vc'), join(directory, 'run/netns')],
    filled: [join(directory, 'log/pods'), join(directory, 'log/containers')],
    sockets: [join(directory, 's')],
    cgroups: [],
  };
});
afterEach(() => rm(directory, { recursive: true, force: true }));

/** Creates what a node leaves: empty directories, the logs of a pod and a link to them. */
async function leave(): Promise<void> {
  await mkdir(join(directory, 'run/vc/sbs'), { recursive: true });
  await mkdir(join(directory, 'run/netns'), { recursive: true });
  await mkdir(join(directory, 'log/pods/default_ours_1/main'), { recursive: true });
  await mkdir(join(directory, 'log/containers'), { recursive: true });
  await writeFile(join(directory, 'log/pods/default_ours_1/main/0.log'), 'a line\n');
  await symlink(join(directory, 'log/pods/default_ours_1/main/0.log'), join(directory, 'log/containers/ours.log'));
}

/** Creates a socket whose server was killed. */
async function leaveSocket(path: string): Promise<void> {
  const listen = `require('node:net').createServer().listen(${JSON.stringify(path)}, () => process.kill(process.pid, 'SIGKILL'))`;
  await once(spawn(process.execPath, ['-e', listen]), 'exit');
}

const everything = async (): Promise<readonly string[]> => (await readdir(directory, { recursive: true })).sort();

test('newRemnants are those that did not exist before, each before the directory that it is in', () => {
  const before = { directories: ['/run/netns'], filled: [], sockets: ['/s/1'], cgroups: ['/c/k8s.io'] };
  const now = {
    directories: ['/run/vc', '/run/vc/sbs', '/run/netns'],
    filled: ['/log/pods', '/log/pods/x'],
    sockets: ['/s/1', '/s/2'],
    cgroups: ['/c/k8s.io', '/c/kubepods'],
  };
  expect(newRemnants(before, now)).toEqual({
    directories: ['/run/vc/sbs', '/run/vc'],
    filled: ['/log/pods/x', '/log/pods'],
    sockets: ['/s/2'],
    cgroups: ['/c/kubepods'],
  });
});

test('removeRemnants removes everything that did not exist before', async () => {
  await mkdir(join(directory, 'run'));
  await mkdir(join(directory, 'log'));
  const before = await findRemnants(remnants);
  await leave();
  await removeRemnants(remnants, before);
  expect(await everything()).toEqual(['log', 'run']);
});

test('removeRemnants keeps directories and logs that existed before, and new directories with a file', async () => {
  await mkdir(join(directory, 'run/vc'), { recursive: true });
  await mkdir(join(directory, 'log/pods/default_theirs_2'), { recursive: true });
  const before = await findRemnants(remnants);
  await leave();
  await writeFile(join(directory, 'run/netns/theirs'), '');
  await removeRemnants(remnants, before);
  expect(await everything()).toEqual([
    'log',
    'log/pods',
    'log/pods/default_theirs_2',
    'run',
    'run/netns',
    'run/netns/theirs',
    'run/vc',
    'run/vc/sbs',
  ]);
});

test('removeRemnants removes new sockets whose server has ended, and keeps those that existed before or have a server', async () => {
  const sockets = join(directory, 's');
  await mkdir(sockets);
  await leaveSocket(join(sockets, 'theirs'));
  const before = await findRemnants(remnants);
  await leaveSocket(join(sockets, 'ours'));
  const server = createServer();
  await once(server.listen(join(sockets, 'served')), 'listening');
  await removeRemnants(remnants, before);
  expect((await readdir(sockets)).sort()).toEqual(['served', 'theirs']);
  await once(server.close(), 'close');
});

testWhere(AS_ROOT)('removeRemnants removes new cgroups without processes and keeps others', async () => {
  const [own, theirs, used] = ['own', 'theirs', 'used'].map((name) => `kata-cc-remnants-${process.pid}-${name}`) as [
    string,
    string,
    string,
  ];
  for (const name of [own, theirs, used]) onTestFinished(() => removeCgroup(name));
  const parts = { ...remnants, cgroups: [own, theirs, used] };
  await createCgroup(theirs);
  const before = await findRemnants(parts);
  await createCgroup(`${own}/besteffort/pod1`);
  await createCgroup(`${used}/pod2`);
  const [busy = ''] = await cgroupDirectories(`${used}/pod2`);
  const child = spawn('sleep', ['1000']);
  await once(child, 'spawn');
  await writeFile(join(busy, 'cgroup.procs'), String(child.pid));
  const [directoryOfUsed = ''] = await cgroupDirectories(used);
  await expect(removeRemnants(parts, before)).rejects.toThrow(
    `cgroup ${directoryOfUsed} has processes (${child.pid}): end them first`,
  );
  for (const path of await cgroupDirectories(own)) expect(await isThere(path)).toBe(false);
  for (const path of await cgroupDirectories(theirs)) expect(await isThere(path)).toBe(true);
  expect(await isThere(busy)).toBe(true);
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
  await removeRemnants(parts, before);
  for (const path of await cgroupDirectories(used)) expect(await isThere(path)).toBe(false);
});
