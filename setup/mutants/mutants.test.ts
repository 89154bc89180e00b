import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { projectPath } from '../steps/project.ts';
import { MUTANTS } from './catalogue.ts';
import { mutate } from './mutant.ts';

test.for(MUTANTS)('the mutant $name is of the code as it is', async (mutant) => {
  const source = await readFile(projectPath(`fixtures/stand-in-agent/${mutant.file}`), 'utf8');
  expect(mutate(mutant, source)).not.toBe(source);
});

test('there are at least twenty, and each has a name of its own', () => {
  expect(MUTANTS.length).toBeGreaterThanOrEqual(20);
  expect(new Set(MUTANTS.map(({ name }) => name)).size).toBe(MUTANTS.length);
});

test('an edit that fits nowhere, or in two places, is refused', () => {
  const mutant = { name: 'm', lie: '', file: 'f.ts', find: 'a', replace: 'b', suites: [] };
  expect(() => mutate(mutant, 'x')).toThrow('mutant m: "a" is 0 times in f.ts, wanted once');
  expect(() => mutate(mutant, 'aa')).toThrow('is 2 times');
});
