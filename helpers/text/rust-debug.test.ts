import { expect, test } from 'vitest';
import { readRustString } from './rust-debug.ts';

test.for([
  ['plain text', '"abc"', 'abc'],
  ['an empty string', '""', ''],
  ['quotes and backslashes', String.raw`"say \"a\\b\" isn\'t"`, String.raw`say "a\b" isn't`],
  ['control characters', String.raw`"\t\n\r\0\u{1b}[0m"`, '\t\n\r\0\u{1b}[0m'],
  ['a string that quotes another', String.raw`"Status { message: \"a\\nb\" }"`, String.raw`Status { message: "a\nb" }`],
] as const)('the string that {:?} printed is read: %s', ([, printed, text]) => {
  expect(readRustString(`Others(${printed}), 7`, 7)).toBe(text);
});

test.for([
  ['no quote', 'abc'],
  ['no closing quote', '"abc'],
  ['an escape that {:?} does not print', String.raw`"\x41"`],
])('a text that is no string of {:?} is not read: %s', ([, text = '']) => {
  expect(readRustString(text)).toBeUndefined();
});
