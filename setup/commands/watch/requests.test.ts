import { expect, test } from 'vitest';
import { actionOf, keysHelp } from './keys.ts';
import { answered, filesFor } from './requests.ts';

const FAILED = new Map([
  ['a', { methods: [], failed: ['a > 1'] }],
  ['gone', { methods: [], failed: ['gone > 1'] }],
]);
const KNOWN = { all: ['a', 'b', 'c'], last: ['b', 'gone'], ran: new Set(['a']), memory: FAILED };

test.for([
  ['all', ['a', 'b', 'c'], ['a', 'b', 'c']],
  ['again', ['b'], ['b', 'c']],
  ['failed', ['a'], ['a']],
  ['others', ['b', 'c'], ['b', 'c']],
  ['file', ['a', 'b', 'c'], ['b', 'c']],
  ['name', ['a', 'b', 'c'], ['b', 'c']],
] as const)('the request %s runs its spec files', ([action, expected, withChoice]) => {
  expect(filesFor(action, KNOWN)).toEqual(expected);
  expect(filesFor(action, { ...KNOWN, chosen: ['b', 'c'] })).toEqual(withChoice);
});

test('the answer to a question replaces its part of the choice; an empty one removes it', () => {
  const choice = { files: ['image'], name: 'pull' };
  expect(answered('file', ' agent/ cri \n', choice)).toEqual({ files: ['agent/', 'cri'], name: 'pull' });
  expect(answered('file', '', choice)).toEqual({ files: [], name: 'pull' });
  expect(answered('name', 'a.*b', choice)).toEqual({ files: ['image'], name: 'a.*b' });
  expect(answered('name', '', choice)).toEqual({ files: ['image'], name: undefined });
});

test('an answer that is no regular expression is rejected with one line', () => {
  expect(() => answered('name', '(', { files: [], name: undefined })).toThrow(/^Invalid regular expression: \/\(\/.*$/);
});

test('the help of the keys has every key', () => {
  expect(keysHelp().split('\n')).toHaveLength(10);
  expect(keysHelp()).toMatch(/^ {2}a, Enter +run all spec files$/m);
  expect(['a', 'return', 'f', 'q', 'space', 'x', undefined].map(actionOf)).toEqual([
    ...['all', 'all', 'failed', 'quit', 'cancel', undefined, undefined],
  ]);
});
