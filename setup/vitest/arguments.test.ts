import { expect, test } from 'vitest';
import { run } from '../../helpers/process/exec.ts';
import { projectPath } from '../project.ts';
import { suitesArguments, watchArguments } from './arguments.ts';

test.for([
  [[], []],
  [['suites/agent/stats.spec.ts'], ['suites/agent/stats.spec.ts']],
  [['--', 'suites/agent/stats.spec.ts'], ['suites/agent/stats.spec.ts']],
  [
    ['-t', 'reads', '--', 'suites/agent', '--shard=1/2'],
    ['-t', 'reads', 'suites/agent', '--shard=1/2'],
  ],
])('suitesArguments passes %j to Vitest as %j', ([words = [], passed = []]) => {
  expect(suitesArguments(words)).toEqual(['run', '--project', 'suites', ...passed]);
});

test.for([[['']], [['--', '']], [['-t', '']]])('suitesArguments rejects the empty argument of %j', ([words = []]) => {
  expect(() => suitesArguments(words)).toThrow(/^pnpm test: an argument is empty/);
});

const pnpmTest = (words: readonly string[]) =>
  run([process.execPath, projectPath('setup/commands/test.ts'), ...words], {
    cwd: projectPath('.'),
    env: { KATA_TARGET: 'nonsense' },
    okCodes: [0, 1],
  });

test('pnpm test rejects an empty argument in one line, before set-up', async () => {
  const { exitCode, stderr, stdout } = await pnpmTest(['']);
  expect(stdout).toBe('');
  expect(stderr).toMatch(/^pnpm test: an argument is empty[^\n]*\n$/);
  expect(exitCode).toBe(1);
});

test('pnpm test rejects a name that is in the path of no spec file, although another is', async () => {
  const { exitCode, stderr, stdout } = await pnpmTest(['suites/agent', '-t', 'a name', 'suites/agent/no-such']);
  expect([exitCode, stdout]).toEqual([1, '']);
  expect(stderr).toBe('"suites/agent/no-such": expected a part of the path of a spec file, such as suites/agent\n');
});

test('pnpm test --version prints the version of Vitest and runs no suite', async () => {
  const { exitCode, stdout } = await pnpmTest(['--version']);
  expect(stdout).toMatch(/^vitest\/\d+\.\d+\.\d+ .*\n$/);
  expect(exitCode).toBe(0);
});

test.for([
  [['--watch'], ['watch']],
  [
    ['--', 'suites/agent', '-t', 'a name', '-w'],
    ['watch', 'suites/agent', '-t', 'a name'],
  ],
  [['suites/agent'], undefined],
] as const)('pnpm test with %j runs pnpm kata with %j', ([words, expected]) => {
  expect(watchArguments(words)).toEqual(expected);
});
