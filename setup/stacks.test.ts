import { afterEach, expect, test } from 'vitest';
import { showUnmappedStacks } from './stacks.ts';

const { prepareStackTrace } = Error;
afterEach(() => {
  Error.prepareStackTrace = prepareStackTrace;
});

test('the stack of an error is shown unmapped where mapping it throws', () => {
  Error.prepareStackTrace = () => {
    throw new TypeError('code.charCodeAt is not a function');
  };
  showUnmappedStacks();
  expect(new Error('the error at hand').stack).toMatch(/^Error: the error at hand\n {4}at .*stacks\.test\.ts/);
});

test('a stack that can be mapped is shown mapped', () => {
  Error.prepareStackTrace = () => 'mapped';
  showUnmappedStacks();
  expect(new Error('any').stack).toBe('mapped');
});
