import { expect, test } from 'vitest';
import { findProgram } from './programs.ts';

test('findProgram returns the absolute path of an installed program', async () => {
  expect(await findProgram('sh')).toMatch(/^\/(usr\/)?bin\/sh$/);
});

test('findProgram returns undefined for a program that is not installed', async () => {
  expect(await findProgram('no-such-program')).toBeUndefined();
});
