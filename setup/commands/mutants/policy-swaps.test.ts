import { expect, test } from 'vitest';
import { dependentTests, judgeSwap } from './policy-swaps.ts';
import type { ReportedTest } from './run-suites.ts';

const SET_POLICY = { method: 'grpc.AgentService/SetPolicy', status: 'ok' };
const ran = (id: string, more: Partial<ReportedTest> = {}): ReportedTest => ({
  id,
  file: 'suites/a.spec.ts',
  outcome: 'passed',
  durationMs: 1,
  failures: [],
  calls: [],
  ...more,
});

test('tests that call SetPolicy, or whose policy is in initdata, depend on the policies of specs', () => {
  const tests = [
    ran('a > sets', { calls: [SET_POLICY] }),
    ran('a > sets none'),
    ran('a > the agent’s policy in the initdata > decides'),
    ran('a > SetPolicy with a text that is no Rego fails', { calls: [SET_POLICY] }),
    ran('a > sets, and is skipped', { calls: [SET_POLICY], outcome: 'skipped' }),
  ];
  expect(dependentTests({ tests })).toEqual(['a > sets', 'a > the agent’s policy in the initdata > decides']);
});

test('a spec that fails without a mutant of the policies ends the measurement', () => {
  expect(() => dependentTests({ tests: [ran('a > red', { outcome: 'failed' })] })).toThrow(
    'specs fail without a mutation: a > red',
  );
});

test('an agent without a policy ends the measurement with the reason why its specs were skipped', () => {
  const tests = [
    ran('a > sets', { outcome: 'skipped', reason: 'the agent was built without the feature agent-policy' }),
  ];
  expect(() => dependentTests({ tests })).toThrow(
    'no spec set a policy: the agent was built without the feature agent-policy; use an agent with the feature agent-policy',
  );
});

test('judgeSwap tells the tests that fail with a mutant of the policies from those that stay green', () => {
  const tests = [ran('a > one', { outcome: 'failed' }), ran('a > two'), ran('a > other', { outcome: 'failed' })];
  expect(judgeSwap(['a > one', 'a > two'], { tests })).toEqual({ red: ['a > one'], green: ['a > two'] });
});
