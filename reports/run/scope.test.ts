import { describe, expect, test } from 'vitest';
import type { RunFacts } from '../../helpers/contract/run-facts.ts';
import type { RunReport, Test } from '../model.ts';
import { buildReport } from './build.ts';
import { exampleFacts, exampleSources, exampleTest } from './example-run.ts';
import type { ReportInput } from './report-input.ts';
import { scopeText } from './scope.ts';

const A = exampleTest('a', { file: 'suites/a.spec.ts' });
const B = exampleTest('b', { file: 'suites/b.spec.ts' });
const skipped = (own: Test, more: Partial<Test>): Test => ({ ...own, outcome: 'skipped', calls: [], ...more });
const unselected = (own: Test): Test => skipped(own, { reason: 'not selected', notTried: 'not selected' });
const WHOLE = { specFiles: ['suites/a.spec.ts', 'suites/b.spec.ts'], reducedBy: [] };

function build(
  tests: readonly Test[],
  more: Partial<ReportInput> = {},
  facts: readonly RunFacts[] = [exampleFacts()],
): RunReport {
  const collected = { tests, errors: [], facts, timings: [], repeated: [] };
  return buildReport(exampleSources({ collected, whole: WHOLE, ...more })).report;
}

describe('full runs', () => {
  test.for([
    ['yes, if every test of every spec file ran', [A, B], true],
    ['yes, if tests were skipped for a reason of their own', [A, skipped(B, { reason: 'no KVM' })], true],
    ['yes, if tests failed', [A, { ...B, outcome: 'failed' }], true],
    ['no, without one of the spec files', [A], false],
    ['no, if a test was filtered out', [A, B, unselected(exampleTest('c', { file: B.file }))], false],
    ['no, if the run ended before a test', [A, skipped(B, { notTried: 'not reached' })], false],
    ['no, if the hook of a test failed', [A, skipped(B, { notTried: 'group failed' })], false],
  ] as const)('scopeOf decides whether a run is full: %s', ([, tests, full]) => {
    expect(build(tests).full).toBe(full);
  });

  test('a run is full in spite of a filter that excluded no test', () => {
    const reduced = { whole: { ...WHOLE, reducedBy: ['--changed'] } };
    expect(build([A, B], reduced)).toMatchObject({ full: true, scope: { reducedBy: [] } });
  });

  test('an interrupted run is not full, nor is a run without facts', () => {
    expect(build([A, B], { interrupted: true })).toMatchObject({ full: false, outcome: 'interrupted' });
    expect(build([A, B], {}, []).full).toBe(false);
  });
});

describe('partial runs', () => {
  test('a partial run says how much of the suites it covered, and which options reduced it', () => {
    const { scope } = build([A, unselected(exampleTest('c', { file: A.file }))], {
      whole: { ...WHOLE, reducedBy: ['suites/a.spec.ts', '-t "a"'] },
    });
    expect(scopeText(scope)).toBe('1 of 2 spec files, 1 of 2 tests in those loaded (suites/a.spec.ts, -t "a")');
  });

  test('a partial run says so if no known option reduced it', () => {
    expect(scopeText(build([A]).scope)).toContain('(by no known option: test.only, test.skip, or a failure)');
  });

  test('a partial run of merged shards names their options and the shards that ran', () => {
    const facts = [exampleFacts({ reducedBy: ['-t "a"'], shard: { index: 1, count: 2 } })];
    expect(build([A], { merged: true }, facts).scope.reducedBy).toEqual(['-t "a"', '--shard 1/2']);
  });
});

describe('runs without tests', () => {
  const nothing = (tests: readonly Test[], more: Partial<ReportInput> = {}, facts?: readonly RunFacts[]): string[] =>
    build(tests, { whole: { ...WHOLE, reducedBy: ['-t "typo"'] }, ...more }, facts).verdicts;

  test.for([
    ['no spec file matched', [], 'no file matches -t "typo"'],
    ['no test matched', [unselected(A), unselected(B)], 'no test matches -t "typo", of 2 tests'],
    [
      'every test was skipped',
      [skipped(A, { reason: 'no KVM' }), skipped(B, { reason: 'no KVM' })],
      'every test was skipped (2 × no KVM)',
    ],
  ] as const)('a run fails, and says why, if %s', ([, tests, why]) => {
    expect(nothing(tests)).toEqual([`nothing ran: ${why}; --passWithNoTests allows that`]);
    expect(build(tests).outcome).toBe('failed');
  });

  test('a run without tests passes with a warning if --passWithNoTests is set', () => {
    const allowed = build([], { passWithNoTests: true });
    expect(allowed).toMatchObject({ outcome: 'passed', verdicts: [] });
    expect(allowed.warnings).toEqual([expect.stringMatching(/^nothing ran: /)]);
  });

  test('a single shard may run no test; all shards merged may not', () => {
    const shards = [1, 2].map((index) => exampleFacts({ runId: `${index}`, shard: { index, count: 2 } }));
    const all = [skipped(A, { reason: 'no KVM', runId: '1' })];
    expect(nothing(all, {}, shards.slice(0, 1))).toEqual([]);
    expect(nothing(all, { merged: true }, shards)).toEqual([expect.stringMatching(/^nothing ran/)]);
  });
});

describe('merged shards', () => {
  const shard = (index: number, count: number, more: Partial<RunFacts> = {}): RunFacts =>
    exampleFacts({ runId: `run-${index}-${count}`, shard: { index, count }, ...more });
  const verdicts = (facts: readonly RunFacts[], tests: readonly Test[] = [A, B]): string[] =>
    build(tests, { merged: true }, facts).verdicts;

  test('merged shards that are complete have no reason to fail', () => {
    expect(verdicts([shard(1, 2), shard(2, 2)])).toEqual([]);
  });

  test.for([
    ['one is missing', [shard(1, 3), shard(3, 3)], 'shard 2/3 is missing'],
    ['only one is present', [shard(1, 2)], 'shard 2/2 is missing'],
    ['one is present twice', [shard(1, 2), shard(2, 2), shard(2, 2, { runId: 'x' })], 'shard 2/2 is merged twice'],
    [
      'one is of another commit',
      [shard(1, 2), shard(2, 2, { commit: 'f00' })],
      'the merged shards are of different commits: 0123456789, f00',
    ],
    [
      'one has another shard count',
      [shard(1, 2), shard(2, 2), shard(3, 4)],
      'the merged shards have different counts: 2 and 4',
    ],
    [
      'one report is not of a shard',
      [shard(1, 1), exampleFacts()],
      'a report that is not of a shard is merged with shards',
    ],
  ] as const)('merged shards fail if %s', ([, facts, verdict]) => {
    expect(verdicts(facts)).toContain(verdict);
  });

  test('merged shards fail if two of them ran the same test file', () => {
    const collected = { tests: [A, B], errors: [], facts: [shard(1, 2), shard(2, 2)], timings: [], repeated: [A.file] };
    expect(build([], { merged: true, collected }).verdicts).toEqual([
      'suites/a.spec.ts is in more than one of the merged reports, and counted once',
    ]);
  });
});

describe('coverage threshold, expired issues and trend', () => {
  const issue = {
    test: 'suites/',
    targets: ['local'],
    issue: 'https://x',
    expires: '2020-01-01',
    why: 'long enough',
  } as const;

  test('the coverage threshold, expired issues and the trend apply to full runs', () => {
    expect(build([A, B], { coverageGate: true, knownIssues: [issue] }).verdicts).toHaveLength(3);
    expect(build([A, B]).trend).toHaveLength(1);
  });

  test('the coverage threshold, expired issues and the trend do not apply to partial runs', () => {
    expect(build([A], { coverageGate: true, knownIssues: [issue] })).toMatchObject({ verdicts: [], trend: [] });
  });
});
