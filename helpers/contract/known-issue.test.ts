import { describe, expect, test } from 'vitest';
import { isAbout, type KnownIssue, namesTest, retryOf } from './known-issue.ts';

const TODAY = '2026-03-04';
const HERE = { target: 'kata', generation: 'skopeo', version: '2.3.0-rc0' } as const;

function issue(more: Partial<KnownIssue>): KnownIssue {
  const base = { test: 'suites/a.spec.ts > pulls', targets: ['kata'], issue: 'https://x', expires: TODAY } as const;
  return { ...base, message: '^the guest ended', retries: 1, why: 'because of the test', ...more };
}

describe('names of known issues', () => {
  test.for([
    ['suites/a.spec.ts > pulls', 'suites/a.spec.ts > pulls', true],
    ['suites/a.spec.ts > pulls', 'suites/a.spec.ts > pulls (2)', true],
    ['suites/a.spec.ts > pulls', 'suites/a.spec.ts > pulls > at once', true],
    ['suites/a.spec.ts > pulls', 'suites/a.spec.ts > pulls twice', false],
    ['suites/a.spec.ts', 'suites/a.spec.ts > anything', true],
    ['suites/a.spec', 'suites/a.spec.ts > anything', false],
    ['suites/image/', 'suites/image/a.spec.ts > anything', true],
    ['suites/image', 'suites/image/a.spec.ts > anything', false],
    ['suites/', 'suites/image/a.spec.ts > anything', true],
  ] as const)('namesTest decides whether a known issue for %j names the test %j: %s', ([name, id, named]) => {
    expect(namesTest(issue({ test: name }), id)).toBe(named);
  });
});

test('a known issue applies only to its targets and generations', () => {
  expect(isAbout(issue({}), HERE)).toBe(true);
  expect(isAbout(issue({}), { ...HERE, target: 'vm' })).toBe(false);
  expect(isAbout(issue({ generations: ['guest-pull'] }), HERE)).toBe(false);
  expect(isAbout(issue({ generations: ['guest-pull', 'skopeo'] }), HERE)).toBe(true);
});

test('a known issue of a runtime applies only to runs with it', () => {
  expect(isAbout(issue({ runtimes: ['rs'] }), { ...HERE, runtime: 'rs' })).toBe(true);
  expect(isAbout(issue({ runtimes: ['rs'] }), { ...HERE, runtime: 'go' })).toBe(false);
  expect(isAbout(issue({ runtimes: ['rs'] }), { ...HERE, target: 'kata' })).toBe(false);
});

test('a known issue of a hypervisor applies only to runs whose guests are in it', () => {
  expect(isAbout(issue({ hypervisors: ['clh'] }), { ...HERE, hypervisor: 'clh' })).toBe(true);
  expect(isAbout(issue({ hypervisors: ['clh'] }), { ...HERE, hypervisor: 'qemu' })).toBe(false);
  expect(isAbout(issue({ hypervisors: ['clh'] }), { ...HERE, hypervisor: 'none' })).toBe(false);
});

test.for([
  ['3.7.0', false],
  ['3.8.0', true],
  ['3.31.0', true],
  ['3.32.0', false],
  ['4.0.0-alpha0', false],
  ['stand-in', false],
] as const)('whether a known issue of releases ">=3.8.0 <3.32.0" applies to version %s: %s', ([version, applies]) => {
  expect(isAbout(issue({ releases: '>=3.8.0 <3.32.0' }), { ...HERE, version })).toBe(applies);
});

describe('retries of known issues', () => {
  const ended = { message: 'the guest ended while it pulled' };

  test("a test is retried only for errors that match its known issue's message, at most `retries` times", () => {
    const retry = retryOf('suites/a.spec.ts > pulls', [issue({ retries: 2 })], HERE, TODAY);
    expect(retry?.count).toBe(2);
    const answers = [{ message: 'when the guest ended' }, { message: 5 }, {}, ended, ended, ended].map((error) =>
      retry?.condition(error),
    );
    expect(answers).toEqual([false, false, false, true, true, false]);
  });

  test('each known issue of a test has its own number of retries', () => {
    const both = [issue({}), issue({ message: '^the agent ended' })];
    const retry = retryOf('suites/a.spec.ts > pulls', both, HERE, TODAY);
    expect(retry?.count).toBe(2);
    expect([ended, ended, { message: 'the agent ended' }].map((error) => retry?.condition(error))).toEqual([
      true,
      false,
      true,
    ]);
  });

  test.for([
    ['another test', issue({ test: 'suites/a.spec.ts > pulls twice' })],
    ['another target', issue({ targets: ['vm', 'local'] })],
    ['another generation', issue({ generations: ['guest-pull'] })],
    ['yesterday', issue({ expires: '2026-03-03' })],
  ] as const)('a known issue of %s grants a test no retry', ([, other]) => {
    expect(retryOf('suites/a.spec.ts > pulls', [other], HERE, TODAY)).toBeUndefined();
  });

  test('a known issue without `retries` grants a test no retry', () => {
    const { retries: _, ...explaining } = issue({});
    expect(retryOf('suites/a.spec.ts > pulls', [explaining], HERE, TODAY)).toBeUndefined();
  });
});
