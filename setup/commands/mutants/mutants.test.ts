import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { projectPath } from '../../project.ts';
import { MUTANTS } from './catalogue.ts';
import { mutate } from './mutant.ts';

test.for(MUTANTS)('the edit of mutant $name fits the current source of the stand-in agent', async (mutant) => {
  const source = await readFile(projectPath(`fixtures/stand-in-agent/${mutant.file}`), 'utf8');
  expect(mutate(mutant, source)).not.toBe(source);
});

test('there are at least twenty mutants of the stand-in agent, with unique names', () => {
  expect(MUTANTS.length).toBeGreaterThanOrEqual(20);
  expect(new Set(MUTANTS.map(({ name }) => name)).size).toBe(MUTANTS.length);
});

test('mutate rejects a mutant whose text to replace does not occur exactly once', () => {
  const mutant = { name: 'm', mutation: '', file: 'f.ts', find: 'a', replace: 'b', suites: [] };
  expect(() => mutate(mutant, 'x')).toThrow('mutant m: "a" occurs 0 times in f.ts, expected once');
  expect(() => mutate(mutant, 'aa')).toThrow('occurs 2 times');
});
