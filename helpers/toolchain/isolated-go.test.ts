import { mkdir, mkdtemp, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { describeWhere } from '../contract/run-where.ts';
import { firstExecutable } from '../files.ts';
import { takeTree } from '../isolation/ownership.ts';
import { whyNoSandbox } from '../isolation/sandbox.example.ts';
import { BUILD_ID } from '../isolation/sandbox.ts';
import { run } from '../process/exec.ts';
import { goEnvironment, identifyGo } from './go.ts';
import { isolatedGo } from './isolated-go.ts';

/** Time for the compilation of Go's runtime on a busy machine. */
const TIMEOUT_MS = 120_000;

const path = await firstExecutable(['/usr/local/go/bin/go', '/usr/bin/go']);
const missing = (await whyNoSandbox()) ?? (path === undefined ? 'Go is not installed' : undefined);

async function scratch(parent: string): Promise<string> {
  const directory = await mkdtemp(join(parent, 'kata-cc-go-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  return directory;
}

/** A module whose makefile builds a program and reads SECRET, and the function that runs commands of its build. */
async function example({ sum }: { readonly sum?: string } = {}) {
  const checkout = await scratch(tmpdir());
  const cache = await scratch(tmpdir());
  const installed = await scratch(tmpdir());
  await writeFile(join(checkout, 'go.mod'), 'module example\n\ngo 1.19\n');
  await writeFile(join(checkout, 'main.go'), 'package main\n\nfunc main() { println("built") }\n');
  if (sum !== undefined) await symlink(sum, join(checkout, 'go.sum'));
  const recipes = 'program: ; go build -o $(OUT)/program .\nread: ; cat $(SECRET)\nwrite: ; touch $(OUT)/file\n';
  await writeFile(join(checkout, 'Makefile'), recipes);
  const go = await identifyGo(path ?? 'go', { GOPATH: await scratch(homedir()), GOAUTH: 'a token' });
  const env = goEnvironment(go, { other: false });
  const { signal } = new AbortController();
  const build = await isolatedGo({ go, module: checkout, checkout, cache, env, signal });
  return { build, checkout, installed };
}

describeWhere(missing ?? true)('an isolated build of a Go module', () => {
  test(
    'installs a program into a tree, which root takes without the rights that the build gave to others',
    async () => {
      const { build, installed } = await example();
      await build(['make', 'program', `OUT=${installed}`], [installed]);
      const program = join(installed, 'program');
      expect((await stat(program)).uid).toBe(BUILD_ID);
      await build(['chmod', '6777', program], [installed]);
      await takeTree(installed);
      expect(await stat(program)).toMatchObject({ uid: 0, gid: 0, mode: 0o100755 });
      expect((await run([program])).stderr).toBe('built\n');
    },
    TIMEOUT_MS,
  );

  test("cannot read the user's home or credentials of go, nor write where it may not", async () => {
    const { build } = await example();
    const outside = await scratch(homedir());
    const secret = join(outside, 'secret');
    await writeFile(secret, 'a key');
    await expect(build(['make', 'read', `SECRET=${secret}`])).rejects.toThrow(/secret: No such file(.|\n)*isolated/);
    await expect(build(['make', 'write', `OUT=${outside}`])).rejects.toThrow(/touch: .*No such file(.|\n)*isolated/);
    expect((await build(['env'])).stdout).not.toContain('token');
  });

  test('rejects a go.sum that is a link, through which go would write to a file of the user', async () => {
    const target = join(await scratch(homedir()), 'file');
    await expect(example({ sum: target })).rejects.toThrow('/go.sum: it is a link, through which');
  });

  test('takeTree changes no file outside of the tree that a link names', async () => {
    const tree = await scratch(tmpdir());
    const outside = join(await scratch(tmpdir()), 'file');
    await writeFile(outside, '', { mode: 0o666 });
    await run(['chmod', '666', outside]);
    await mkdir(join(tree, 'bin'));
    await symlink(outside, join(tree, 'bin/link'));
    await takeTree(tree);
    expect((await stat(outside)).mode).toBe(0o100666);
  });
});
