import { expect, test } from 'vitest';
import { sentence } from './sentence.ts';

const NONE = { passed: 0, failed: 0, flaky: 0, skipped: 0 };

test.for<[Partial<typeof NONE>, Partial<Parameters<typeof sentence>[0]>, string]>([
  [{ passed: 312, skipped: 1182 }, {}, '312 tests passed, 1182 not run'],
  [{ passed: 1 }, {}, '1 test passed'],
  [{ passed: 2, flaky: 1 }, {}, '3 tests passed, 1 of them after a retry'],
  [{ passed: 2, skipped: 1 }, { verdicts: ['too slow'] }, '2 tests passed, 1 not run, but the run failed'],
  [{ passed: 2, failed: 1, skipped: 4 }, {}, '1 of 3 tests failed, 4 not run'],
  [
    { passed: 2, failed: 2 },
    { errors: [{ name: 'Error', message: 'x', stack: [] }] },
    '1 of 4 tests failed, 1 error outside tests',
  ],
  [{ passed: 2, failed: 1 }, { outcome: 'interrupted' }, 'Interrupted after 3 tests'],
  [{ skipped: 4 }, {}, 'Nothing ran'],
])('the headline of a run with %j and %j is %s', ([totals, others, headline]) => {
  const run = { outcome: 'passed' as const, errors: [], verdicts: [], ...others };
  expect(sentence({ ...run, totals: { ...NONE, ...totals } })).toBe(headline);
});
