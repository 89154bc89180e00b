import { existsSync } from 'node:fs';
import type { Condition } from '../../helpers/contract/run-where.ts';
import { git } from '../../helpers/git/command.ts';
import { projectPath } from '../project.ts';

/** Condition of tests that look at all files of this project: an archive without .git cannot tell them from others. */
export const IN_A_REPOSITORY: Condition = existsSync(projectPath('.git')) || 'this is no git repository';

/** Paths of the files of this project, relative to its root: those that git does not ignore, including new ones. */
export async function projectFiles(): Promise<string[]> {
  const listed = await git(projectPath('.'), ['ls-files', '-z', '--cached', '--others', '--exclude-standard']);
  return [...new Set(listed.split('\0'))].filter((path) => path !== '' && existsSync(projectPath(path))).sort();
}
