import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { selectedSpecFiles } from './spec-files.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const FILES = ['suites/agent/stats.spec.ts', 'suites/cri/cri.spec.ts', 'suites/cri/kata.spec.ts'];
const [stats, cri, kata] = FILES;

test.for([
  [[], FILES],
  [['suites/cri'], [cri, kata]],
  [
    ['kata', 'stats'],
    [stats, kata],
  ],
  [['./suites/cri/cri.spec.ts:12'], [cri]],
  [[join(ROOT, 'suites/agent')], [stats]],
] as const)('the filters %j select the spec files %j', ([filters, selected]) => {
  expect(selectedSpecFiles(FILES, filters, ROOT)).toEqual(selected);
});

test.for(['suites/cri/no-such', 'no-such:12', '/nonexistent'])('the filter %j is rejected by name', (filter) => {
  expect(() => selectedSpecFiles(FILES, ['cri', filter], ROOT)).toThrow(
    `${JSON.stringify(filter)}: expected a part of the path of a spec file`,
  );
});
