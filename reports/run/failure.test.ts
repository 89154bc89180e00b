import { describe, expect, test } from 'vitest';
import { failureOf } from './failure.ts';

const cyclic: Record<string, unknown> = { a: 1 };
cyclic['self'] = cyclic;
const trap = (): never => {
  throw new Error('trapped');
};
const { proxy: revoked, revoke } = Proxy.revocable({}, {});
revoke();

// Thrown values as Vitest passes them to reporters: serialised if possible, otherwise unchanged.
test.for([
  [
    'an object without a message',
    { status: 500, stack: 'x', stacks: [], VITEST_TEST_NAME: 'a' },
    'an object without a message was thrown: { status: 500 }',
  ],
  ['an empty object', {}, 'an object without a message was thrown: {}'],
  ['a cyclic object', cyclic, /thrown: \{ a: 1, self: <ref \*1>/],
  ['null', null, 'null was thrown, which is not an error'],
  ['undefined', undefined, 'undefined was thrown, which is not an error'],
  ['text', 'text', "'text' was thrown, which is not an error"],
  ['a BigInt', 10n, '10n was thrown, which is not an error'],
  ['an object with a BigInt', { n: 10n }, 'an object without a message was thrown: { n: 10n }'],
  ['a symbol', Symbol('s'), 'Symbol(s) was thrown, which is not an error'],
  [
    'an object whose message is not a string',
    { message: { a: 1 } },
    'an object without a message was thrown: { message: { a: 1 } }',
  ],
  ['an error with an empty message', { name: 'TypeError', message: '' }, 'TypeError without a message'],
  ['an error with a coloured message', { message: '\u001b[31mred\u001b[0m' }, 'red'],
  [
    'an object with a getter that throws',
    {
      get message() {
        return trap();
      },
    },
    'the thrown value cannot be described: trapped',
  ],
  ['a proxy that throws', new Proxy({}, { get: trap, ownKeys: trap }), 'the thrown value cannot be described: trapped'],
  ['a revoked proxy', revoked, /cannot be described: Cannot perform 'get' on a proxy that has been revoked/],
  [
    'an error whose name, code, diff and stacks have wrong types',
    { name: {}, message: 'm', code: 5n, diff: 1, stacks: 'none' },
    'm',
  ],
  ['an error with stack frames of a wrong type', { message: 'm', stacks: [null, 5, { file: 1 }] }, 'm'],
] as const)('failureOf describes %s', ([, thrown, message]) => {
  const failure = failureOf(thrown, '/root');
  expect(failure).toEqual({
    name: expect.stringMatching(/^(?:Type)?Error$/),
    message: typeof message === 'string' ? message : expect.stringMatching(message),
    stack: [],
  });
  expect(JSON.parse(JSON.stringify(failure))).toEqual(failure);
});

describe('failureOf', () => {
  test('failureOf keeps the name, code, diff and location of an error', () => {
    const stacks = [{ file: '/root/suites/a.spec.ts', line: 3, column: 5, method: 'f' }];
    expect(failureOf({ name: 'ExecError', message: 'no', code: 'exec', diff: '- a', stacks }, '/root')).toEqual({
      name: 'ExecError',
      message: 'no',
      code: 'exec',
      diff: '- a',
      where: 'suites/a.spec.ts:3:5',
      stack: ['f suites/a.spec.ts:3:5'],
    });
  });

  test('failureOf lists the causes of an error, nearest first, and ends in a cycle of causes', () => {
    const cause = { name: 'TypeError', message: 'fetch failed', cause: { message: 'ECONNREFUSED', cause: 'no route' } };
    expect(failureOf({ message: 'no', cause }, '/root').causes).toEqual([
      'TypeError: fetch failed',
      'Error: ECONNREFUSED',
      "'no route'",
    ]);
    const tries = [{ message: 'connect ECONNREFUSED ::1:5000' }, { message: 'connect ECONNREFUSED 127.0.0.1:5000' }];
    expect(failureOf({ name: 'AggregateError', message: '', errors: tries }, '/root').causes).toEqual([
      'Error: connect ECONNREFUSED ::1:5000',
      'Error: connect ECONNREFUSED 127.0.0.1:5000',
    ]);
    const circle = { message: 'one', cause: { message: 'two' } as object };
    Object.assign(circle.cause, { cause: circle });
    expect(failureOf(circle, '/root').causes).toHaveLength(5);
  });

  test('failureOf describes the first failure of a SuppressedError, and appends each disposal that failed after it', () => {
    const stacks = [{ file: '/root/suites/a.spec.ts', line: 9, column: 3, method: '' }];
    const body = { name: 'RpcError', code: 'not_found', message: 'no container', cause: { message: 'gone' } };
    const disposals = {
      name: 'SuppressedError',
      message: 'An error was suppressed during disposal',
      error: { message: 'removing the directory' },
      suppressed: { message: 'ending the guest', cause: 'busy' },
    };
    expect(
      failureOf({ name: 'SuppressedError', message: '', error: disposals, suppressed: body, stacks }, '/root'),
    ).toEqual({
      name: 'RpcError',
      code: 'not_found',
      message: 'no container\nand disposal failed: ending the guest\nand disposal failed: removing the directory',
      causes: ['Error: gone', "'busy'"],
      where: 'suites/a.spec.ts:9:3',
      stack: ['suites/a.spec.ts:9:3'],
    });
    expect(failureOf({ message: 'set-up failed', cause: disposals }, '/root').causes).toEqual([
      'SuppressedError: An error was suppressed during disposal',
      'Error: ending the guest',
      'Error: removing the directory',
      "'busy'",
    ]);
  });

  test('failureOf shortens a long message, and keeps its beginning and end', () => {
    const { message } = failureOf({ message: `begin${'x'.repeat(5_000_000)}end` }, '/root');
    expect(message.length).toBeLessThan(70_000);
    expect(message).toMatch(/^begin.*\n… \d+ characters left out …\n.*end$/s);
  });
});
