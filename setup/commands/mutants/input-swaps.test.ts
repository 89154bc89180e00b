import { expect, test } from 'vitest';
import { judgeInputs, passedTests } from './input-swaps.ts';
import type { ReportedTest } from './run-suites.ts';

const ran = (id: string, more: Partial<ReportedTest> = {}): ReportedTest => ({
  id,
  file: 'suites/a.spec.ts',
  outcome: 'passed',
  durationMs: 1,
  failures: [],
  calls: [],
  ...more,
});
const failed = (id: string, name: string): ReportedTest =>
  ran(id, { outcome: 'failed', failures: [{ name, message: '' }] });

test('passedTests leaves out skipped tests and those that depend on no input', () => {
  const tests = [
    ran('a > one'),
    ran('a > pull fails while the registry is down'),
    ran('a > two', { outcome: 'skipped' }),
  ];
  expect(passedTests({ tests })).toEqual(['a > one']);
});

test('passedTests ends the measurement if a spec fails without a mutant, or none ran', () => {
  expect(() => passedTests({ tests: [failed('a > red', 'AssertionError')] })).toThrow(
    'specs fail without a mutation: a > red',
  );
  expect(() => passedTests({ tests: [ran('a > one', { outcome: 'skipped', reason: 'no CDH' })] })).toThrow(
    'no spec ran: no CDH',
  );
});

test('judgeInputs counts failed assertions by mutant and names the tests that no mutant turned red', () => {
  const accepts = [failed('a > one', 'AssertionError'), failed('a > two', 'AgentEnded'), ran('a > three')];
  const rejects = [ran('a > one'), ran('a > two'), failed('a > three', 'AssertionError')];
  const verdicts = judgeInputs(
    ['a > one', 'a > two', 'a > three'],
    new Map([
      ['image-policy-accept-all', { tests: accepts }],
      ['image-policy-reject-all', { tests: rejects }],
    ]),
  );
  expect(Object.fromEntries(verdicts.red)).toEqual({
    'image-policy-accept-all': ['a > one'],
    'image-policy-reject-all': ['a > three'],
  });
  expect(verdicts.green).toEqual(['a > two']);
});
