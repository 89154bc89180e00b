import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { run } from '../../helpers/process/exec.ts';
import { Installation } from './installation.ts';

let directory: string;
let machine: string;
let installation: Installation;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'kata-cc-installation-'));
  machine = join(directory, 'machine');
  await mkdir(join(machine, 'etc'), { recursive: true });
  await writeFile(join(machine, 'etc/config.toml'), 'original\n');
  await chmod(join(machine, 'etc/config.toml'), 0o640);
  await symlink('elsewhere', join(machine, 'etc/link'));
  installation = new Installation(join(directory, 'originals'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

/** Names, modes, owners, times, links and contents of all files below the test's directory. */
const everything = async (): Promise<string> =>
  (await run(['tar', '-C', machine, '--sort=name', '--exclude=.', '-cf', '-', 'etc/config.toml', 'etc/link'])).stdout +
  (await run(['find', machine, '-printf', '%P %m %l\n'])).stdout.split('\n').sort().join('\n');

test("undoing Kata's installation restores changed files byte for byte, and removes new ones", async () => {
  const before = await everything();
  await installation.write(join(machine, 'etc/config.toml'), 'changed\n');
  await installation.write(join(machine, 'etc/config.toml'), 'changed again\n', 0o600);
  await installation.write(join(machine, 'opt/kata/deep/new'), 'new\n');
  await installation.link(join(machine, 'etc/link'), 'here');
  expect(await readFile(join(machine, 'etc/config.toml'), 'utf8')).toBe('changed again\n');
  expect(await everything()).not.toBe(before);
  // The undo uses a new Installation, as another process would.
  expect(await new Installation(join(directory, 'originals')).undo()).toContain(join(machine, 'opt/kata'));
  expect(await everything()).toBe(before);
  expect(await installation.paths()).toEqual([]);
});

test("undoing Kata's installation removes a directory made for other programs if it is empty", async () => {
  const before = await everything();
  await installation.directory(join(machine, 'var/lib/used'));
  await installation.directory(join(machine, 'var/lib/unused/deep'));
  await writeFile(join(machine, 'var/lib/used/theirs'), '');
  await installation.undo();
  expect(await readdir(join(machine, 'var/lib'))).toEqual(['used']);
  await rm(join(machine, 'var'), { recursive: true });
  expect(await everything()).toBe(before);
});

test("Kata's installation merges a tree into existing directories; its undo keeps files that other programs added", async () => {
  const tree = join(directory, 'tree');
  await mkdir(join(tree, 'usr/bin'), { recursive: true });
  await writeFile(join(tree, 'usr/bin/tool'), '#!/bin/sh\n');
  await chmod(join(tree, 'usr/bin/tool'), 0o755);
  await installation.copy(tree, machine);
  expect((await stat(join(machine, 'usr/bin/tool'))).mode & 0o777).toBe(0o755);
  await writeFile(join(machine, 'usr/bin/theirs'), '');
  await installation.undo();
  expect(await readdir(join(machine, 'usr/bin'))).toEqual(['theirs']);
});

test("Kata's installation does not copy a file again until the source or the copy has changed", async () => {
  const [tool, there] = [join(directory, 'tool'), join(machine, 'usr/bin/tool')];
  const copied = async (): Promise<number> => {
    await installation.copy(tool, there);
    return (await stat(there)).ino;
  };
  await writeFile(tool, 'one');
  const first = await copied();
  expect(await copied()).toBe(first);
  await writeFile(tool, 'another');
  const second = await copied();
  expect(await readFile(there, 'utf8')).toBe('another');
  await writeFile(there, 'changed by another program');
  await copied();
  expect(await readFile(there, 'utf8')).toBe('another');
  expect(second).not.toBe(first);
});

test("undoing Kata's installation is idempotent", async () => {
  await installation.write(join(machine, 'etc/config.toml'), 'changed\n');
  await installation.undo();
  expect(await installation.undo()).toEqual([]);
  expect(await readFile(join(machine, 'etc/config.toml'), 'utf8')).toBe('original\n');
});

test("undoing Kata's installation runs a deferred command once, after it has restored everything changed later", async () => {
  const [file, seen] = [join(machine, 'etc/config.toml'), join(directory, 'seen')];
  const look = ['sh', '-c', 'cat "$1" >>"$2"', 'sh', file, seen];
  await installation.defer(look);
  await installation.write(file, 'changed\n');
  await installation.defer(look);
  await installation.undo();
  expect(await readFile(seen, 'utf8')).toBe('original\n');
});

test("undoing Kata's installation reports a failed command, undoes the rest, and retries the command on the next call", async () => {
  const file = join(machine, 'etc/config.toml');
  await installation.write(file, 'changed\n');
  await installation.defer(['test', '-e', join(directory, 'mended')]);
  await expect(installation.undo()).rejects.toThrow(/^not undone, see .*\ntest -e .*mended: test exited with 1/);
  expect(await readFile(file, 'utf8')).toBe('original\n');
  await writeFile(join(directory, 'mended'), '');
  await installation.undo();
  expect(await installation.paths()).toEqual([]);
});

test('Installation.attempt keeps the files it wrote if the check succeeds, and restores the previous ones if it fails', async () => {
  const [file, created] = [join(machine, 'etc/config.toml'), join(machine, 'etc/new')];
  await installation.attempt([{ path: file, text: 'one\n' }], async () => {});
  const before = await everything();
  const failing = installation.attempt(
    [
      { path: file, text: 'two\n' },
      { path: created, text: '' },
    ],
    async () => {
      expect(await readFile(file, 'utf8')).toBe('two\n');
      throw new Error('no good');
    },
  );
  await expect(failing).rejects.toThrow('no good');
  expect(await everything()).toBe(before);
  expect(await readFile(file, 'utf8')).toBe('one\n');
  await installation.undo();
  expect(await readFile(file, 'utf8')).toBe('original\n');
});

test('Installation.write keeps the mode of an existing file', async () => {
  await installation.write(join(machine, 'etc/config.toml'), 'changed\n');
  expect((await stat(join(machine, 'etc/config.toml'))).mode & 0o777).toBe(0o640);
  await installation.write(join(machine, 'etc/new'), '');
  expect((await stat(join(machine, 'etc/new'))).mode & 0o777).toBe(0o644);
});

test('a command deferred with a record gets that of its first registration, and undo removes the record', async () => {
  const command = ['cp', '--target-directory', directory];
  for (const state of ['before', 'after'])
    await installation.deferWithRecord('state', command, async () => ({ state }));
  const undone = await new Installation(join(directory, 'originals')).undo();
  expect(undone).toEqual([`cp --target-directory ${directory} ${join(directory, 'originals/state.json')}`]);
  expect(JSON.parse(await readFile(join(directory, 'state.json'), 'utf8'))).toEqual({ state: 'before' });
  expect((await readdir(directory)).sort()).toEqual(['machine', 'state.json']);
});
