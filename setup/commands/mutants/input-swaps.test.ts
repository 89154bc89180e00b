import { expect, test } from 'vitest';
import type { Detection } from '../../../helpers/contract/detected.ts';
import { isDetectedIn, isKnown, storedFor, testsOf, undetected, withRed, withUnchanged } from './detections.ts';
import { redTests } from './input-swaps.ts';
import type { ReportedTest } from './run-suites.ts';
import { checkAgent, unchangedTests } from './unchanged-tests.ts';

const subjects = [
  { target: 'vm', banner: '', generation: 'guest-pull', agent: { kind: 'kata-agent', version: '4.1.0' } },
];
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

test('unchangedTests leaves out skipped tests and those that depend on no input', () => {
  const tests = [
    ran('a > one'),
    ran('a > times out when the agent found no CDH'),
    ran('a > two', { outcome: 'skipped' }),
  ];
  expect(unchangedTests({ subjects, tests })).toEqual({
    subject: { agent: '4.1.0', key: 'vm kata-agent guest-pull' },
    tests: ['a > one'],
  });
});

test('unchangedTests ends the measurement if a spec fails without a mutant, or none ran', () => {
  expect(() => unchangedTests({ subjects, tests: [failed('a > red', 'AssertionError')] })).toThrow(
    'specs fail without a mutation: a > red',
  );
  expect(() => unchangedTests({ subjects, tests: [ran('a > one', { outcome: 'skipped', reason: 'no CDH' })] })).toThrow(
    'no spec ran: no CDH',
  );
});

test('unchangedTests leaves out a spec that fails by a known issue without a mutant', () => {
  const known = ran('a > known', { outcome: 'failed', knownIssue: 'https://github.com/a/b/issues/1' });
  expect(unchangedTests({ subjects, tests: [ran('a > one'), known] }).tests).toEqual(['a > one']);
});

test('redTests counts failed assertions alone, without those about a call that got no answer', () => {
  const message = "expected RpcError: [unavailable] api.SecureMountSe… { …(4) } to match object { code: 'internal' }";
  const tests = [
    failed('a > one', 'AssertionError'),
    failed('a > two', 'AgentEnded'),
    ran('a > three'),
    ran('a > four', { outcome: 'failed', failures: [{ name: 'AssertionError', message }] }),
  ];
  expect(redTests(['a > one', 'a > two', 'a > three', 'a > four'], { tests })).toEqual(['a > one']);
});

const RESULTS: Detection = {
  agent: '4.1.0',
  measured: '2026-01-01',
  specs: { a: 'digest of a', b: 'digest of b' },
  detected: { 'a > one': ['cdh-rejects-all'], 'b > one': ['cdh-rejects-all'] },
};

test('the mutants that turned a test red are collected, and tests without one are named', () => {
  const results = withRed(RESULTS, 'cdh-accepts-all', ['a > one', 'a > two']);
  expect(results.detected['a > one']).toEqual(['cdh-rejects-all', 'cdh-accepts-all']);
  expect(isDetectedIn(results, 'cdh-accepts-all', 'a')).toBe(true);
  expect(isDetectedIn(results, 'cdh-accepts-all', 'b')).toBe(false);
  expect(undetected(['a > one', 'a > two', 'a > three'], results)).toEqual(['a > three']);
});

test('a run without a mutant replaces what was known of its spec files, and of no other', () => {
  const results = withUnchanged(RESULTS, {
    ...{ agent: '4.1.0', dependent: ['a > two'], files: ['a'] },
    digests: { a: 'another digest', b: 'digest of b' },
  });
  expect(results.detected).toEqual({ 'a > two': [], 'b > one': ['cdh-rejects-all'] });
  expect(results.specs).toEqual({ a: 'another digest', b: 'digest of b' });
  expect(testsOf(results, ['a'])).toEqual(['a > two']);
});

test('the tests of a spec file that changed or never ran are not known', () => {
  expect(isKnown(RESULTS, 'a', { a: 'digest of a' })).toBe(true);
  expect(isKnown(RESULTS, 'a', { a: 'another digest' })).toBe(false);
  expect(isKnown(RESULTS, 'c', {})).toBe(false);
});

test('storedFor finds the results of a target', () => {
  const all = { 'kata kata-agent guest-pull': { ...RESULTS, agent: '4.0.0' }, 'vm kata-agent guest-pull': RESULTS };
  expect(storedFor(all, 'vm')).toEqual(['vm kata-agent guest-pull', RESULTS]);
  expect(storedFor(all, 'local')).toBeUndefined();
});

test('stored results of another agent end the measurement', () => {
  expect(() => checkAgent(RESULTS, '4.1.0')).not.toThrow();
  expect(() => checkAgent(RESULTS, '4.2.0')).toThrow('suites/detected.json has results of agent 4.1.0, not of 4.2.0');
});
