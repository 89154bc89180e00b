import { expect, test } from 'vitest';
import { atLeast } from './version.ts';

test.for<[string, string, boolean]>([
  ['20.19.0', '20.19', true],
  ['20.18.3', '20.19', false],
  ['20.2', '20.19', false],
  ['1.23rc1', '1.23', true],
  ['1.22.9', '1.23', false],
  ['1.26.8-X:nodwarf5', '1.26.8', true],
  ['3.0.0-rc1', '2.5.0', true],
])(
  'atLeast compares version %s with %s by numbers, ignoring pre-release suffixes: %s',
  ([version, wanted, expected]) => {
    expect(atLeast(version, wanted)).toBe(expected);
  },
);

test('atLeast rejects a version without a number, and quotes it', () => {
  expect(() => atLeast('devel', '1.21')).toThrow('expected a version such as 1.2.3, not "devel"');
});
