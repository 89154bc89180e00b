import { describe, expect, test } from 'vitest';
import type { ReleaseColumn } from '../../../helpers/contract/releases.ts';
import type { Report, ReportedTest } from '../mutants/run-suites.ts';
import { claimsOf, columnOf, columnWithout, lineOf, type Release, withColumn } from './column.ts';
import { errorLine } from './error-line.ts';
import { testReleases } from './test-releases.ts';

const RELEASE: Release = { release: '3.2.0', commit: 'a'.repeat(40), version: '3.2.0' };

const SUBJECT = {
  target: 'vm',
  banner: 'kata-agent answered',
  generation: 'guest-pull',
  agent: { kind: 'kata-agent', version: '3.2.0' },
};

function example(id: string, more: Partial<ReportedTest> = {}): ReportedTest {
  return { id, file: 'suites/x.spec.ts', outcome: 'passed', durationMs: 1, failures: [], calls: [], ...more };
}

function reportOf(...tests: ReportedTest[]): Report {
  return { tests, subjects: [SUBJECT], coverage: { methods: [] } };
}

function columnFor(release: Release, ...tests: ReportedTest[]): ReleaseColumn {
  return columnOf(release, reportOf(...tests), 0);
}

describe('columns of releases', () => {
  test('columnOf keeps why claims failed or were skipped, and leaves out claims that the run did not reach', () => {
    const column = columnFor(
      RELEASE,
      example('a'),
      example('b', { outcome: 'failed', failures: [{ message: 'expected 1\nto be 2' }] }),
      example('c', { outcome: 'skipped', reason: 'since 4.0.0' }),
      example('d', { outcome: 'skipped', notTried: 'not reached' }),
    );
    expect(column).toMatchObject({
      banner: 'kata-agent answered',
      claims: {
        a: { outcome: 'passed' },
        b: { outcome: 'failed', why: 'expected 1' },
        c: { outcome: 'skipped', why: 'since 4.0.0' },
      },
    });
    expect(Object.keys(column.claims)).toEqual(['a', 'b', 'c']);
    expect(lineOf(column)).toBe('3.2.0: 1 passed, 1 failed, 1 skipped');
  });

  test('withColumn sorts by version and replaces the earlier column of a commit', () => {
    const versions = ['3.20.0', '2.3.0-rc0', '3.3.0', '3.3.0-alpha0'];
    const columns = versions.map((version) => columnFor({ release: version, version, commit: version }));
    const report = columns.reduce(
      (sum: ReturnType<typeof withColumn> | undefined, one) => withColumn(sum, one),
      undefined,
    );
    const again = withColumn(report, columnFor({ release: 'again', version: '3.3.0', commit: '3.3.0' }));
    expect(again.columns.map(({ release }) => release)).toEqual(['2.3.0-rc0', '3.3.0-alpha0', 'again', '3.20.0']);
  });
});

test('claimsOf finds the claims of a release in a report, and none of one that was not tested or could not be built', () => {
  const other = { release: '3.3.0', version: '3.3.0', commit: 'b' };
  const built = withColumn(undefined, columnFor(RELEASE, example('a')));
  const report = withColumn(built, columnWithout(other, 'could not be built', 'error: no crate', 0));
  expect(claimsOf(report, RELEASE)).toEqual({ a: { outcome: 'passed' } });
  expect(claimsOf(report, other)).toBeUndefined();
  expect(claimsOf(report, { commit: 'c' })).toBeUndefined();
  expect(claimsOf(undefined, RELEASE)).toBeUndefined();
});

describe('errorLine', () => {
  test.for([
    [
      'a dependency that cannot be fetched',
      'cargo exited with 101: cargo build\nerror: failed to load source for dependency `loopdev`\n\nCaused by:\n  Unable to update https://a.example\n\nCaused by:\n  failed to clone into: /x\n',
      'error: failed to load source for dependency `loopdev`: failed to clone into: /x',
    ],
    [
      'code that does not compile',
      'cargo exited with 101: cargo build\nerror[E0308]: mismatched types\n --> a.rs',
      'error[E0308]: mismatched types',
    ],
    ['anything else', 'no space left\non device', 'no space left'],
  ] as const)('errorLine of %s says why in one line', ([, message, line]) => {
    expect(errorLine(new Error(message))).toBe(line);
  });
});

describe('testReleases', () => {
  const OTHER: Release = { release: '3.3.0', commit: 'b'.repeat(40), version: '3.3.0' };
  const NEVER = new AbortController().signal;

  test('testReleases tests the next release after one that cannot be built, and after one that does not start', async () => {
    const seen: string[] = [];
    const columns = await testReleases([RELEASE, OTHER, { ...OTHER, release: '4.0.0' }], {
      signal: NEVER,
      build: async ({ release }) => {
        if (release === '3.2.0') throw new Error('error: no crate');
      },
      test: async ({ release }) => {
        if (release === '3.3.0') throw new Error('the suites left no report: x');
        return reportOf(example('a'));
      },
      finished: async (column) => void seen.push(lineOf(column)),
    });
    expect(seen).toEqual([
      '3.2.0: could not be built: error: no crate',
      '3.3.0: did not start: the suites left no report: x',
      '4.0.0: 1 passed',
    ]);
    expect(columns).toHaveLength(3);
  });

  test('testReleases keeps the finished releases after an interrupt, and starts none', async () => {
    const interrupt = new AbortController();
    const seen: string[] = [];
    const work = testReleases([RELEASE, OTHER, OTHER], {
      signal: interrupt.signal,
      build: async () => {},
      test: async ({ release }) => {
        if (release === '3.3.0') interrupt.abort(new Error('interrupted by SIGINT'));
        interrupt.signal.throwIfAborted();
        return reportOf(example('a'));
      },
      finished: async ({ release }) => void seen.push(release),
    });
    await expect(work).rejects.toThrow('interrupted by SIGINT');
    expect(seen).toEqual(['3.2.0']);
  });
});
