import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { HarnessError } from '../../../helpers/errors.ts';
import { git } from '../../../helpers/git/command.ts';
import { exportSnapshot } from '../../../helpers/git/export.ts';
import type { GitStore } from '../../../helpers/git/store.ts';
import type { SourceRevision } from '../../config/resolved.ts';

/** The file of the agent that the bench changes, as a user would. */
const CHANGED = 'src/agent/src/rpc.rs';

/** A text in {@link CHANGED} of Kata from 2.3 to 4.1 that the agent prints when it has created a container. */
const LOGGED = /"created container![^"]*"/;

const AUTHOR = ['-c', 'user.name=bench', '-c', 'user.email=bench@localhost', '-c', 'commit.gpgsign=false'];

/** Writes the files of a revision of Kata into a new git repository, which is not a checkout of the user's. */
export async function copySource(
  { snapshot }: SourceRevision,
  store: GitStore,
  directory: string,
  signal: AbortSignal,
): Promise<void> {
  await exportSnapshot(snapshot, store, directory, signal);
  await rm(join(directory, '.git'), { recursive: true });
  await git(directory, ['init', '--quiet', '.'], { signal });
  await git(directory, ['add', '--all', '--force', '.'], { signal });
  await git(directory, [...AUTHOR, 'commit', '--quiet', '--message=copy'], { signal });
}

/** Changes one line of the agent in a copy of Kata, which changes one string in the agent. */
export async function changeLine(directory: string, text: string): Promise<void> {
  const file = join(directory, CHANGED);
  await writeFile(file, withChangedLine(await readFile(file, 'utf8'), text));
}

/** The source of the agent's RPC methods with another text in one line. */
export function withChangedLine(source: string, text: string): string {
  if (!LOGGED.test(source)) {
    throw new HarnessError('bench', `${CHANGED} of this Kata has no ${LOGGED}, the line that the bench changes`);
  }
  return source.replace(LOGGED, `"created container! ${text}"`);
}
