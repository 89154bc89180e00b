import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { loadAgentProtos } from '../../../protos/load.ts';
import { projectPath } from '../../project.ts';
import { checkNames, chooseMutes, namePattern } from './mute-choice.ts';
import { judgeMute, provers } from './mute-verdict.ts';
import type { ReportedTest } from './run-suites.ts';
import { readUnproved, whyUnproved } from './unproved.ts';

const PAUSE = 'grpc.AgentService/PauseContainer';

/** A reported test that passed after a successful call of PauseContainer. */
function reported(id: string, test: Partial<ReportedTest> = {}): ReportedTest {
  return {
    id,
    file: `${id}.spec.ts`,
    outcome: 'passed',
    failures: [],
    calls: [{ method: PAUSE, status: 'ok' }],
    ...test,
  };
}

const failed = (id: string, ...messages: readonly string[]): ReportedTest =>
  reported(id, { outcome: 'failed', failures: messages.map((message) => ({ message })) });
const ANSWERED = 'promise resolved "{}" instead of rejecting';

test('the effect of an RPC method can be proved by tests that passed and in which the agent accepted a call of it', () => {
  const tests = [
    reported('accepted'),
    reported('rejected', { calls: [{ method: PAUSE, status: 'internal' }] }),
    reported('skipped', { outcome: 'skipped' }),
    reported('other', { calls: [{ method: 'grpc.Health/Check', status: 'ok' }] }),
  ];
  expect(provers({ tests }, PAUSE).map(({ id }) => id)).toEqual(['accepted']);
});

test('a test that fails with KATA_MUTE proves the effect of the withheld RPC method, if it can prove that effect', () => {
  const verdict = judgeMute([reported('a')], { tests: [failed('a', 'expected 3 to be 0\nmore'), reported('b')] });
  expect(verdict).toEqual({ verdict: 'killed', red: 1, spec: 'a', says: 'expected 3 to be 0' });
});

test.for([
  ['no test fails', []],
  ['only a test fails in which the agent accepted no call', [failed('b', 'expected 3 to be 0')]],
  ['a test fails only because a call was answered that must be rejected', [failed('a', ANSWERED)]],
] as const)('the effect of an RPC method withheld by KATA_MUTE is not proved if %s', ([, tests]) => {
  expect(judgeMute([reported('a')], { tests })).toMatchObject({ verdict: 'SURVIVED', red: tests.length, spec: '' });
});

test('a test proves the effect of a withheld RPC method if an assertion fails besides the one on a rejection', () => {
  expect(judgeMute([reported('a')], { tests: [failed('a', ANSWERED, 'expected 3 to be 0')] })).toMatchObject({
    verdict: 'killed',
    says: 'expected 3 to be 0',
  });
});

const CHECK = 'grpc.Health/Check';
const TRUTH = {
  tests: [reported('a')],
  coverage: {
    methods: [PAUSE, CHECK, 'containerd.task.v2.Image/PullImage', 'grpc.AgentService/Check'].map((method) => ({
      method,
      declared: true,
    })),
  },
};

test('chooseMutes chooses for KATA_MUTE the agent’s methods that a test calls with success, or those that are named', () => {
  const names = (...given: readonly string[]): readonly string[] => chooseMutes(given, TRUTH).map(({ muted }) => muted);
  expect(names()).toEqual([PAUSE]);
  expect(names('PauseContainer.container_id', 'Health/Check')).toEqual([`${PAUSE}.container_id`, CHECK]);
  expect(chooseMutes(['PauseContainer.container_id'], TRUTH)[0]?.provers).toHaveLength(1);
  expect(() => names('PauseContaner')).toThrow('no RPC method PauseContaner; did you mean PauseContainer?');
  expect(() => names('Check')).toThrow(`several services have Check; name one of ${CHECK}, grpc.AgentService/Check`);
});

test.for([
  ['NoSuch', 'the agent has no RPC method NoSuch'],
  ['', 'the agent has no RPC method'],
  ['PauseContainer.nosuch', 'PauseContainerRequest has no field nosuch'],
] as const)('pnpm kata mutants --mute rejects the name %j before the suites run', ([name, message]) => {
  expect(() => checkNames([name], undefined)).toThrow(message);
});

test('pnpm kata mutants --mute accepts methods and fields of agents of every generation', () => {
  expect(() => checkNames(['PauseContainer.container_id', 'SetPolicy', 'Image/PullImage'], undefined)).not.toThrow();
  expect(() => checkNames(['Image/PullImage'], projectPath('protos/main'))).toThrow('no RPC method Image/PullImage');
});

test('namePattern selects tests by groups and name, whichever way Vitest joins them', () => {
  const id = 'suites/a.spec.ts > group (one) > Check returns [SERVING], or not (2)';
  const pattern = new RegExp(
    namePattern([
      { file: 'suites/b.spec.ts', id: 'suites/b.spec.ts > other' },
      { file: 'suites/a.spec.ts', id },
    ]),
  );
  expect('group (one) Check returns [SERVING], or not').toMatch(pattern);
  expect('group (one) > Check returns [SERVING], or not').toMatch(pattern);
  expect('group (one) Check returns SERVING, or not').not.toMatch(pattern);
});

test('suites/unproved.json is valid, and names methods that an agent has', async () => {
  const names = Object.values(await readUnproved()).flatMap((methods) => Object.keys(methods));
  const declared = (['skopeo', 'guest-pull'] as const).flatMap((generation) =>
    [...loadAgentProtos({ generation }).services].flatMap(([service, methods]) =>
      Object.keys(methods).map((method) => `${service}/${method}`),
    ),
  );
  expect(names.filter((name) => !declared.includes(name))).toEqual([]);
});

test('whyUnproved returns the reason for all targets, or for the one of a run', () => {
  const reasons = { everywhere: { [PAUSE]: 'for all' }, vm: { [CHECK]: 'for vm' } };
  expect(whyUnproved(reasons, PAUSE, ['local'])).toBe('for all');
  expect(whyUnproved(reasons, CHECK, ['vm'])).toBe('for vm');
  expect(whyUnproved(reasons, CHECK, ['local'])).toBeUndefined();
});

test.for([
  ['{"nowhere":{}}', 'expected one of everywhere, local, vm, kata, not nowhere'],
  [
    '{"local":{"PauseContainer":"there is a good reason"}}',
    'local: expected package.Service/Method, not PauseContainer',
  ],
  [`{"local":{"${PAUSE}":"no"}}`, `local/${PAUSE}: expected a reason in a sentence`],
  ['[]', 'the file: expected an object'],
  ['{', 'JSON'],
])('readUnproved rejects %s', async ([text = '', message]) => {
  const directory = await mkdtemp(join(tmpdir(), 'kata-cc-unproved-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  await writeFile(join(directory, 'unproved.json'), text);
  await expect(readUnproved(join(directory, 'unproved.json'))).rejects.toThrow(message);
});
