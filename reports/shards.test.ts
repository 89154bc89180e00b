import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { AS_ROOT, testWhere } from '../helpers/contract/run-where.ts';
import { defined } from '../helpers/defined.ts';
import { minimalEnv } from '../helpers/process/exec.ts';

const PROGRAM = fileURLToPath(new URL('../setup/commands/kata.ts', import.meta.url));

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'kata-cc-shards-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

interface Ended {
  readonly code: number | undefined;
  readonly said: string;
}

function shards(...args: string[]): Promise<Ended> {
  return kataShards([...args, '--into', directory]);
}

async function kataShards(args: readonly string[], cwd?: string): Promise<Ended> {
  const { all, exitCode } = await execa(process.execPath, [PROGRAM, 'shards', ...args], {
    ...defined({ cwd }),
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
    ['run x', /^shard "x": expected one such as 2\/4$/],
    ['run 0/4', /^shard "0\/4": expected one such as 2\/4$/],
    ['run 5/4', /^shard 5\/4: expected one from 1\/4 to 4\/4$/],
    ['run 1/999', /^999 shards: expected at most \d+, the number of spec files to run$/],
    ['run 1/2 suites/cri/images', /^2 shards: expected at most 1, the number of spec files to run$/],
    ['run 1/1 suites/cri no/such', /^"no\/such": expected a part of the path of a spec file, such as suites\/agent$/],
    ['--count 999', /^999 shards: expected at most \d+, the number of spec files to run$/],
    ['--count many', /'many' is invalid. Expected a whole number of at least 1.\n/],
    [
      '--against /nonexistent/report.json',
      /^--against \/nonexistent\/report.json: expected the report.json of .* ENOENT/,
    ],
    ['--against package.json', /^--against package.json: .*: package.json is JSON, but no report of a run$/],
    ['run 1/4 --count 4', /^error: shards run does not take the option '--count'\n/],
    ['run 1/4 --against x', /^error: shards run does not take the option '--against'\n/],
    ['merge --count 4', /^error: shards merge does not take the option '--count'\n/],
  ] as const)('pnpm kata shards %s fails in one message before any test runs', async ([args, said]) => {
    const ended = await shards(...args.split(' '));
    expect(ended.said).toMatch(said);
    expect(ended.said).not.toContain('    at ');
    expect(ended.code).toBe(1);
  });

  test.for([
    ['truncated', '[{"cut":', /1-of-4\.json is damaged \(.*JSON.*\): run that shard again, or remove it$/],
    [
      'JSON of another kind',
      '{}',
      /1-of-4\.json is damaged \(it is JSON, but no report of Vitest's blob reporter\): run/,
    ],
    ['an array of another kind', '[1]', /1-of-4\.json is damaged \(it is JSON, but no report of/],
  ] as const)('pnpm kata shards merge names a report that is %s, and changes nothing', async ([, blob, message]) => {
    await mkdir(join(directory, 'blobs'));
    await writeFile(join(directory, 'blobs', '1-of-4.json'), blob);
    await writeFile(join(directory, 'report.json'), '{}');
    const { code, said } = await shards('merge');
    expect(said).toMatch(message);
    expect(code).toBe(1);
    expect((await readdir(directory)).sort()).toEqual(['blobs', 'report.json']);
  });

  testWhere(AS_ROOT)(
    'a shard that SIGTERM ends undoes its set-up, leaves no report, and exits with 143, unlike a shard with failed tests',
    { timeout: 180_000 },
    async () => {
      const cache = join(directory, 'cache');
      const settings = { KATA_TARGET: 'local', KATA_AGENT: 'stand-in', KATA_CACHE_DIR: cache };
      const shard = execa(process.execPath, [PROGRAM, 'shards', 'run', '1/4', '--into', directory], {
        env: minimalEnv(settings),
        extendEnv: false,
        all: true,
        reject: false,
      });
      let isRunning = true;
      for await (const line of shard.iterable({ from: 'all' })) {
        if (isRunning && line.includes('.spec.ts')) isRunning = !shard.kill('SIGTERM');
      }
      const { exitCode, signal } = await shard;
      expect({ exitCode, signal }).toEqual({ exitCode: 143, signal: undefined });
      expect(await readdir(join(cache, 'journal'))).toEqual([]);
      expect(await readdir(join(directory, 'blobs'))).toEqual([]);
    },
  );

  test('pnpm kata shards merge without reports of shards keeps the earlier reports', async () => {
    const reports = ['index.html', 'junit.xml', 'report.json', 'summary.md'];
    for (const name of reports) await writeFile(join(directory, name), name);
    expect((await shards('merge')).code).toBe(1);
    expect((await readdir(directory)).sort()).toEqual(reports);
    expect(await readFile(join(directory, 'index.html'), 'utf8')).toBe('index.html');
  });

  test('pnpm kata shards merge does not create a directory of reports that does not exist', async () => {
    expect((await kataShards(['merge', '--into', join(directory, 'no', 'such')])).code).toBe(1);
    expect(await readdir(directory)).toEqual([]);
  });

  test('pnpm kata shards counts the spec files of the project when started in another directory', async () => {
    expect((await kataShards(['run', '999/999'], directory)).said).toMatch(/^999 shards: expected at most [1-9]\d*, /);
  });
});
