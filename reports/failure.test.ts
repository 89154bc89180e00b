import { describe, expect, test } from 'vitest';
import { failureOf } from './failure.ts';

const cyclic: Record<string, unknown> = { a: 1 };
cyclic['self'] = cyclic;
const trap = (): never => {
  throw new Error('trapped');
};
const { proxy: revoked, revoke } = Proxy.revocable({}, {});
revoke();

// As Vitest hands them on: serialised where it can, as they are where it cannot.
test.for([
  [
    'an object without a message',
    { status: 500, stack: 'x', stacks: [], VITEST_TEST_NAME: 'a' },
    'an object without a message was thrown: { status: 500 }',
  ],
  ['an empty object', {}, 'an object without a message was thrown: {}'],
  ['a cyclic object', cyclic, /thrown: \{ a: 1, self: <ref \*1>/],
  ['null', null, 'null was thrown, which is no error'],
  ['undefined', undefined, 'undefined was thrown, which is no error'],
  ['text', 'text', "'text' was thrown, which is no error"],
  ['a BigInt', 10n, '10n was thrown, which is no error'],
  ['an object with a BigInt', { n: 10n }, 'an object without a message was thrown: { n: 10n }'],
  ['a symbol', Symbol('s'), 'Symbol(s) was thrown, which is no error'],
  ['a message that is no text', { message: { a: 1 } }, 'an object without a message was thrown: { message: { a: 1 } }'],
  ['an empty message', { name: 'TypeError', message: '' }, 'TypeError without a message'],
  ['a message in colours', { message: '\u001b[31mred\u001b[0m' }, 'red'],
  [
    'a getter that throws',
    {
      get message() {
        return trap();
      },
    },
    'what was thrown cannot be described: trapped',
  ],
  ['a proxy that throws', new Proxy({}, { get: trap, ownKeys: trap }), 'what was thrown cannot be described: trapped'],
  ['a revoked proxy', revoked, /cannot be described: Cannot perform 'get' on a proxy that has been revoked/],
  [
    'names, codes, diffs and stacks of another type',
    { name: {}, message: 'm', code: 5n, diff: 1, stacks: 'none' },
    'm',
  ],
  ['frames of another type', { message: 'm', stacks: [null, 5, { file: 1 }] }, 'm'],
] as const)('%s is described', ([, thrown, message]) => {
  const failure = failureOf(thrown, '/root');
  expect(failure).toEqual({
    name: expect.stringMatching(/^(?:Type)?Error$/),
    message: typeof message === 'string' ? message : expect.stringMatching(message),
    stack: [],
  });
  expect(JSON.parse(JSON.stringify(failure))).toEqual(failure);
});

describe('what an error says', () => {
  test('keeps name, code, diff and the place in this project', () => {
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

  test('keeps what led to it, the nearest first, and a circle of causes has an end', () => {
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

  test('is bounded, with its beginning and its end', () => {
    const { message } = failureOf({ message: `begin${'x'.repeat(5_000_000)}end` }, '/root');
    expect(message.length).toBeLessThan(70_000);
    expect(message).toMatch(/^begin.*\n… \d+ characters left out …\n.*end$/s);
  });
});
