import { expect, test } from 'vitest';
import { messageOf } from './errors.ts';

const circular: Record<string, unknown> = { status: 500 };
circular['self'] = circular;

test.for<[string, unknown, string | RegExp]>([
  ['an error', new Error('it broke'), 'it broke'],
  [
    'an error without a message, but with a code',
    Object.assign(new Error(''), { code: 'ECONNREFUSED' }),
    'ECONNREFUSED',
  ],
  ['an error without either', new TypeError(''), 'TypeError'],
  [
    'an AggregateError of several attempts, as for a host with two addresses',
    new AggregateError([new Error('connect ECONNREFUSED ::1:1'), new Error('connect ECONNREFUSED 127.0.0.1:1')]),
    'connect ECONNREFUSED ::1:1; connect ECONNREFUSED 127.0.0.1:1',
  ],
  [
    'a SuppressedError of disposals that failed one after another',
    new SuppressedError(new Error('third'), new SuppressedError(new Error('second'), new Error('first'))),
    /^first; and disposal failed: second; and disposal failed: third$/,
  ],
  ['a string', 'it broke', 'it broke'],
  ['undefined', undefined, 'undefined'],
  ['an object', { status: 500 }, '{ status: 500 }'],
  ['an object without a prototype', Object.assign(Object.create(null), { a: 1 }), /a: 1/],
  ['an object that contains itself', circular, /status: 500.*Circular/],
  ['a symbol', Symbol('x'), 'Symbol(x)'],
])('messageOf returns a non-empty one-line message for a thrown value: %s', ([, thrown, message]) => {
  expect(messageOf(thrown)).toMatch(message);
});
