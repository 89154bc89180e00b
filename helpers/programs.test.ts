import { expect, test } from 'vitest';
import { findProgram } from './programs.ts';

test('a program is found where the machine has it', async () => {
  expect(await findProgram('sh')).toMatch(/^\/(usr\/)?bin\/sh$/);
});

test('nothing is found of a name nobody has', async () => {
  expect(await findProgram('no-such-program')).toBeUndefined();
});
