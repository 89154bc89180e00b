import { expect, test } from 'vitest';
import type { ReportedTest } from '../mutants/run-suites.ts';
import { judge } from './judge.ts';

function example(outcome: string, more: Partial<ReportedTest> = {}): ReportedTest {
  return { id: 'x', file: 'suites/x.spec.ts', outcome, durationMs: 1, failures: [], calls: [], ...more };
}

test.for([
  ['good', [example('passed'), example('skipped', { notTried: 'not selected' })]],
  ['bad', [example('passed'), example('failed')]],
  ['bad', [example('failed'), example('skipped', { reason: 'since 4.0.0' })]],
] as const)('judge answers %s', ([answer, tests]) => {
  expect(judge({ tests })).toBe(answer);
});

test('judge cannot tell anything from a run without tests', () => {
  expect(judge({ tests: [example('skipped', { notTried: 'not reached' })] })).toEqual({ untestable: 'no test ran' });
});

test('judge rejects a skipped claim, and says why it was skipped', () => {
  expect(() => judge({ tests: [example('skipped', { reason: 'since 4.0.0' })] })).toThrow(
    '"x" is skipped, which answers nothing: since 4.0.0',
  );
});
