import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { mayDoMore, variablesOf } from './environment.ts';
import { run } from './exec.ts';

const status = (uid: string, capabilities: string): string =>
  `Name:\tx\nUid:\t${uid}\nGid:\t0\t0\t0\t0\nCapInh:\t0\nCapPrm:\t${capabilities}\nCapEff:\t0\n`;

const ROOT = '0\t0\t0\t0';

test.for([
  ['another user', status('1000\t1000\t1000\t1000', '0'), true],
  ['a capability more', status(ROOT, '3'), true],
  ['the same capabilities', status(ROOT, '5'), false],
  ['fewer capabilities', status(ROOT, '1'), false],
] as const)('mayDoMore decides whether a process has more privileges: a process with %s', ([, its, more]) => {
  expect(mayDoMore(its, status(ROOT, '5'))).toBe(more);
});

test('variablesOf returns the environment variables of this process', async () => {
  expect(await variablesOf(process.pid)).toContainEqual(expect.stringMatching(/^PATH=./));
});

test('variablesOf returns undefined for a process that has ended', async () => {
  const { stdout } = await run(['sh', '-c', 'echo $$']);
  expect(await variablesOf(stdout.trim())).toBeUndefined();
});

test('variablesOf rejects when the environment of a process cannot be read', async () => {
  const proc = await mkdtemp(join(tmpdir(), 'kata-cc-proc-'));
  onTestFinished(() => rm(proc, { recursive: true, force: true }));
  await mkdir(join(proc, '1/environ'), { recursive: true });
  await writeFile(join(proc, '1/status'), status(ROOT, '0'));
  await expect(variablesOf(1, proc)).rejects.toThrow('EISDIR');
});
