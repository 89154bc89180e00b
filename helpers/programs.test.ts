import { expect, test } from 'vitest';
import { findProgram, isExecutable } from './programs.ts';

test('a program is found where the machine has it', () => {
  expect(findProgram('sh')).toMatch(/^\/(usr\/)?bin\/sh$/);
});

test('nothing is found of a name nobody has, nor of a file that is not for running', () => {
  expect(findProgram('no-such-program')).toBeUndefined();
  expect(isExecutable('/etc/passwd')).toBe(false);
});
