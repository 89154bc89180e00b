import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { type Memory, type ReportedTest, remember, unfinished } from './memory.ts';
import { keep, recall } from './memory-file.ts';

const tested = (id: string, outcome: string, methods: readonly string[] = [], notTried?: string): ReportedTest => ({
  ...{ id, file: id.split(' ')[0] ?? '', outcome, calls: methods.map((method) => ({ method })) },
  ...(notTried === undefined ? {} : { notTried }),
});

const withFixtures = (test: ReportedTest, fixtureMethods: readonly string[]): ReportedTest => ({
  ...test,
  fixtureMethods,
});

const BEFORE: Memory = new Map([['a', { methods: ['A', 'Z'], failed: ['a 1', 'a 2'] }]]);

test.for([
  [
    'a file whose tests all ran is remembered by that run alone',
    [tested('a 1', 'passed', ['B']), tested('a 2', 'failed', ['A'])],
    [['a', { methods: ['A', 'B'], failed: ['a 2'] }]],
  ],
  [
    'tests that were not selected keep their outcome and their calls',
    [tested('a 1', 'passed', ['B']), tested('a 2', 'skipped', [], 'not selected')],
    [['a', { methods: ['A', 'B', 'Z'], failed: ['a 2'] }]],
  ],
  [
    'what the fixtures of its tests called is remembered as well',
    [withFixtures(tested('b 1', 'passed', ['B']), ['A', 'B'])],
    [...BEFORE, ['b', { methods: ['A', 'B'], failed: [] }]],
  ],
  ['a file of which no test ran is remembered as before', [tested('a 1', 'skipped', [], 'not reached')], [...BEFORE]],
  ['a new file is added', [tested('b 1', 'passed', ['B'])], [...BEFORE, ['b', { methods: ['B'], failed: [] }]]],
] as const)('after a run, %s', ([_, tests, expected]) => {
  expect([...remember(BEFORE, tests)]).toEqual(expected);
});

test('files with a test that was not reached, or without a test, are unfinished', () => {
  const tests = [tested('a 1', 'passed'), tested('b 1', 'passed'), tested('b 2', 'skipped', [], 'not reached')];
  expect(unfinished(['a', 'b', 'c'], tests)).toEqual(['b', 'c']);
});

test('the memory of a target has what was kept and the last report of that target, without files that are gone', async () => {
  const root = await mkdtemp(join(tmpdir(), 'kata-cc-memory-'));
  onTestFinished(() => rm(root, { recursive: true }));
  const places = { cacheDir: join(root, 'cache'), reportsDir: join(root, 'reports'), target: 'local' } as const;
  for (const name of ['a', 'b']) await writeFile(join(root, name), '');
  await keep(places, new Map([...BEFORE, ['gone', { methods: [], failed: [] }]]));
  expect([...(await recall(places, root))]).toEqual([...BEFORE]);
  await mkdir(places.reportsDir);
  const report = { subjects: [{ target: 'local' }], tests: [tested('a 1', 'passed', ['B']), tested('b 1', 'failed')] };
  await writeFile(join(places.reportsDir, 'report.json'), JSON.stringify(report));
  const now = [
    ['a', { methods: ['B'], failed: [] }],
    ['b', { methods: [], failed: ['b 1'] }],
  ];
  expect([...(await recall(places, root))]).toEqual(now);
  expect([...(await recall({ ...places, target: 'vm' }, root))]).toEqual([]);
});
