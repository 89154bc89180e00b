import { readFile } from 'node:fs/promises';
import { expect } from 'vitest';
import { type Condition, testWhere } from '../../helpers/contract/run-where.ts';
import { run } from '../../helpers/process/exec.ts';
import { findProgram } from '../../helpers/process/programs.ts';
import { projectPath } from '../project.ts';
import { IN_A_REPOSITORY, projectFiles } from './project-files.ts';

const SHELLCHECK = (await findProgram('shellcheck')) ?? '';
const INSTALLED: Condition = SHELLCHECK !== '' || 'shellcheck is not installed (apt-get install shellcheck)';

/** Paths of the files of this project whose first line makes a shell run them. */
async function shellScripts(): Promise<string[]> {
  const paths = await projectFiles();
  const texts = await Promise.all(paths.map((path) => readFile(projectPath(path), 'latin1')));
  return paths.filter((_, index) => /^#!.*\b(?:ba|da)?sh\b/.test(texts[index] ?? ''));
}

testWhere(IN_A_REPOSITORY)('shell scripts are found by their first line, whatever their name', async () => {
  expect(await shellScripts()).toEqual(expect.arrayContaining(['.ci/run', 'setup/guest/init.sh']));
});

testWhere(IN_A_REPOSITORY === true ? INSTALLED : IN_A_REPOSITORY)('every shell script passes shellcheck', async () => {
  await run([SHELLCHECK, '--format=gcc', ...(await shellScripts()).map(projectPath)]);
});
