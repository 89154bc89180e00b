import { expect, test } from 'vitest';
import { projectPath } from '../../project.ts';
import { checkNames, chooseMutes, namePattern, type Wanted } from './mute-choice.ts';
import { failureOf } from './mute-verdict.ts';
import type { ReportedTest } from './run-suites.ts';

const PAUSE = 'grpc.AgentService/PauseContainer';
const FIELD = `${PAUSE}.container_id`;

/** A reported test that passed after a successful call of PauseContainer. */
function reported(id: string, test: Partial<ReportedTest> = {}): ReportedTest {
  return {
    id,
    file: `${id}.spec.ts`,
    outcome: 'passed',
    durationMs: 100,
    failures: [],
    calls: [{ method: PAUSE, status: 'ok', fields: ['container_id'] }],
    ...test,
  };
}

const failed = (id: string, ...messages: readonly string[]): ReportedTest =>
  reported(id, { outcome: 'failed', failures: messages.map((message) => ({ message })) });
const ANSWERED = 'promise resolved "{}" instead of rejecting';

test.for([
  [[PAUSE], ['expected 3 to be 0\nmore'], 'expected 3 to be 0'],
  [[FIELD], ['expected 3 to be 0'], 'expected 3 to be 0'],
  // The agent rejects a call because of a field, and would accept it without the field.
  [[FIELD], [ANSWERED], ANSWERED],
  // The client answers every call of a withheld method, also one that the agent must reject.
  [[PAUSE], [ANSWERED], undefined],
  [[PAUSE], [ANSWERED, 'expected 3 to be 0'], 'expected 3 to be 0'],
  [[PAUSE, FIELD], [ANSWERED], ANSWERED],
] as const)('with %j withheld, a test that fails with %j fails because of it: %j', ([mutes, messages, reason]) => {
  expect(failureOf(failed('a', ...messages), mutes)).toBe(reason);
});

test('a test that does not fail with KATA_MUTE proves nothing', () => {
  expect(failureOf(reported('a'), [PAUSE])).toBeUndefined();
  expect(failureOf(reported('a', { outcome: 'skipped' }), [PAUSE])).toBeUndefined();
});

const CHECK = 'grpc.Health/Check';
const KILL = 'containerd.task.v2.Task/Kill';
const TRUTH = {
  tests: [
    reported('a'),
    reported('a (2)'),
    reported('rejected', { calls: [{ method: PAUSE, status: 'internal', fields: ['container_id'] }] }),
    reported('failed', { outcome: 'failed' }),
    reported('other', { calls: [{ method: 'grpc.Health/Check', status: 'ok' }] }),
    reported('shim', {
      calls: ['Image/PullImage', 'Task/Kill'].map((name) => ({ method: `containerd.task.v2.${name}`, status: 'ok' })),
    }),
  ],
  coverage: {
    methods: [PAUSE, CHECK, KILL, 'containerd.task.v2.Image/PullImage', 'grpc.AgentService/Check'].map((method) => ({
      method,
      declared: true,
    })),
  },
};

const chosen = (wanted: Partial<Wanted> = {}): Readonly<Record<string, readonly string[]>> =>
  Object.fromEntries(
    [...chooseMutes({ names: [], ...wanted }, TRUTH)].map(([mute, tests]) => [mute, tests.map(({ test }) => test)]),
  );

test('a method can be proved by tests in which the agent accepted a call of it, a field also by those in which it rejected one', () => {
  expect(chosen()).toEqual({
    [PAUSE]: ['a', 'a'],
    [FIELD]: ['a', 'a', 'rejected'],
    [CHECK]: ['other'],
    [KILL]: ['shim'],
  });
});

test('chooseMutes chooses the methods and fields that are named, a method with its fields', () => {
  const names = (wanted: Partial<Wanted>): readonly string[] => Object.keys(chosen(wanted));
  expect(names({ names: ['PauseContainer'] })).toEqual([PAUSE, FIELD]);
  expect(names({ names: ['PauseContainer.container_id', 'Health/Check'] })).toEqual([FIELD, CHECK]);
  expect(names({ only: 'methods' })).toEqual([PAUSE, CHECK, KILL]);
  expect(names({ only: 'fields' })).toEqual([FIELD]);
  expect(() => names({ names: ['PauseContaner'] })).toThrow(
    'no RPC method PauseContaner; did you mean PauseContainer?',
  );
  expect(() => names({ names: ['Check'] })).toThrow(
    `several services have Check; name one of ${CHECK}, grpc.AgentService/Check`,
  );
});

test.for([
  ['NoSuch', 'agent and shim have no RPC method NoSuch'],
  ['', 'agent and shim have no RPC method ""'],
  ['PauseContainer.nosuch', 'PauseContainerRequest has no field nosuch'],
] as const)('pnpm kata mutants --mute rejects the name %j before the suites run', ([name, message]) => {
  expect(() => checkNames([name], undefined)).toThrow(message);
});

test('pnpm kata mutants --mute accepts methods and fields of agents of every generation', () => {
  expect(() =>
    checkNames(['PauseContainer.container_id', 'SetPolicy', 'Image/PullImage', 'Task/Kill.signal'], undefined),
  ).not.toThrow();
  expect(() => checkNames(['Image/PullImage'], projectPath('protos/main'))).toThrow('no RPC method Image/PullImage');
});

test('namePattern selects tests by groups and name, whichever way Vitest joins them', () => {
  const id = 'suites/a.spec.ts > group (one) > Check returns [SERVING], or not';
  const pattern = new RegExp(namePattern(['suites/b.spec.ts > other', id]));
  expect('group (one) Check returns [SERVING], or not').toMatch(pattern);
  expect('group (one) > Check returns [SERVING], or not').toMatch(pattern);
  expect('group (one) Check returns SERVING, or not').not.toMatch(pattern);
});
