import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { minimalEnv } from '../helpers/process/exec.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'kata-cc-shards-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

async function shards(...args: string[]): Promise<{ readonly code: number | undefined; readonly said: string }> {
  const program = fileURLToPath(new URL('../setup/commands/kata.ts', import.meta.url));
  const { all, exitCode } = await execa(process.execPath, [program, 'shards', ...args, '--into', directory], {
    env: minimalEnv(),
    extendEnv: false,
    all: true,
    reject: false,
  });
  return { code: exitCode, said: all };
}

describe('pnpm kata shards', () => {
  test.for([
    ['merge', /blobs has no report to merge: run `pnpm kata shards run 1\/4` and so on first$/],
    ['run 5/4', /^shard "5\/4": expected one such as 2\/4$/],
    ['run 1/999', /^999 shards: expected at most \d+, the number of spec files$/],
    ['--count 999', /^999 shards: expected at most \d+, the number of spec files$/],
    ['--count many', /'many' is invalid. Expected a whole number of at least 1.\n/],
  ] as const)('pnpm kata shards %s fails in one message before any test runs', async ([args, said]) => {
    const ended = await shards(...args.split(' '));
    expect(ended.said).toMatch(said);
    expect(ended.said).not.toContain('    at ');
    expect(ended.code).toBe(1);
  });

  test('pnpm kata shards merge names a damaged report, and removes the earlier merged report', async () => {
    await mkdir(join(directory, 'blobs'));
    await writeFile(join(directory, 'blobs', '1-of-4.json'), '[{"cut":');
    await writeFile(join(directory, 'report.json'), '{}');
    const { code, said } = await shards('merge');
    expect(said).toMatch(/1-of-4\.json is damaged \(.*JSON.*\): run that shard again, or remove it$/);
    expect(code).toBe(1);
    expect((await readdir(directory)).sort()).toEqual(['blobs', 'index.html']);
  });
});
