import { expect, test } from 'vitest';
import { carriageReturnHint, shownValue } from './shown-value.ts';

test.for([
  ['local', 'local'],
  ['/a "b" ü', '/a "b" ü'],
  ['local\r', '"local\\r"'],
  ['\u001b[31mred', '"\\u001b[31mred"'],
  ['a\u007f\u009b\u202eb', '"a\\u007f\\u009b\\u202eb"'],
  ['x'.repeat(201), `${'x'.repeat(200)}… (201 characters)`],
] as const)('shownValue shows %j as %s', ([value, shown]) => {
  expect(shownValue(value)).toBe(shown);
});

test('carriageReturnHint names a carriage return only at the end of a value', () => {
  expect(carriageReturnHint('local\r')).toContain('carriage return');
  expect(carriageReturnHint('a\rb')).toBe('');
});
