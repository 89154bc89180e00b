import { chmod, copyFile, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { logTail } from '../process/daemon.ts';
import { launchNamespaced, type NamespaceOptions } from './launch.ts';

/** Parent of the namespaces' directories: a short path, for unix sockets, that no private mount hides. */
const RUN_DIR = '/run/kata-cc-';

let dir: string;
let temporary: string;
let persistent: string;
const made: string[] = [];
beforeEach(async ({ skip }) => {
  skip(process.getuid?.() !== 0, 'namespaces need root');
  dir = await mkdtemp(RUN_DIR);
  temporary = await mkdtemp(join(tmpdir(), 'kata-cc köln -'));
  persistent = await mkdtemp('/var/tmp/kata-cc-');
  made.push(dir, temporary, persistent);
});
afterEach(async () => {
  for (const path of made.splice(0)) await rm(path, { recursive: true, force: true });
});

function launch(options: Pick<NamespaceOptions, 'command' | 'binds'>): ReturnType<typeof launchNamespaced> {
  return launchNamespaced({ dir, hostname: 'inside', cgroup: `kata-cc/test-${basename(dir)}`, ...options });
}

test('launchNamespaced runs a program below /tmp in namespaces with a /tmp of their own', async () => {
  const program = join(temporary, 'sleep');
  await copyFile('/bin/sleep', program);
  await chmod(program, 0o755);
  await writeFile(join(temporary, 'other'), '');
  await using inside = await launch({ command: [program, '60'] });
  expect((await inside.run(['ls', temporary])).stdout).toBe('sleep\n');
});

test("processes in namespaces have the umask 0022 of a booted guest, whatever the user's umask is", async () => {
  const own = process.umask(0o077);
  try {
    await using inside = await launch({ command: ['sh', '-c', 'umask; exec sleep 60'] });
    const said = async (): Promise<string> => logTail(inside.daemon);
    await expect.poll(said, { timeout: 5_000 }).toBe('0022');
    expect((await inside.run(['stat', '-c', '%a', '/', '/usr'])).stdout).toBe('755\n755\n');
  } finally {
    process.umask(own);
  }
});

test('a bind mount in namespaces replaces a symbolic link at its target instead of following it', async () => {
  const source = join(temporary, 'source');
  const target = join(persistent, 'link');
  await writeFile(source, 'bound');
  await symlink(join(persistent, 'elsewhere'), target);
  await using inside = await launch({ command: ['sleep', '60'], binds: [{ source, target }] });
  expect((await inside.run(['cat', target])).stdout).toBe('bound');
  expect((await inside.run(['ls', persistent])).stdout).toBe('link\n');
});

test('processes in namespaces see no block devices of this machine but loop devices', async () => {
  await using inside = await launch({ command: ['sleep', '60'] });
  const list = 'for path in /dev/*; do [ ! -b "$path" ] || echo "$path"; done';
  const found = (await inside.run(['sh', '-c', list])).stdout.split('\n');
  expect(found.filter((path) => !path.startsWith('/dev/loop'))).toEqual(['']);
});
