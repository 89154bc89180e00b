import { join } from 'node:path';
import { ConfigError, HarnessError } from '../../../helpers/errors.ts';
import { git, revParse } from '../../../helpers/git/command.ts';
import type { Repository } from '../../../helpers/git/repository.ts';
import { displayRepository } from '../../../helpers/git/repository.ts';
import { type Environment, ExecError } from '../../../helpers/process/exec.ts';
import { AGENT_PART } from '../../config/source-paths.ts';

/** Pathspecs of the commits that can change the agent. */
export const AGENT_PATHS: readonly string[] = [
  ...('of' in AGENT_PART ? AGENT_PART.of : ['.']),
  ...('without' in AGENT_PART ? AGENT_PART.without.map((path) => `:(exclude)${path}`) : []),
];

/**
 * Clones a repository's history into `directory`, so that git bisect writes its state there and the user's repository is only
 * read. A local repository's objects are used in place; of a remote one only commits and trees are fetched.
 */
export async function cloneHistory(
  repository: Repository,
  directory: string,
  env: Environment,
  signal: AbortSignal,
): Promise<string> {
  const clone = join(directory, 'history.git');
  const how = repository.kind === 'local' ? ['--shared'] : ['--filter=blob:none'];
  const from = repository.kind === 'local' ? repository.path : repository.url;
  await git(directory, ['clone', '--bare', '--quiet', ...how, '--', from, clone], { env, signal }).catch(
    (cause: unknown) => {
      if (signal.aborted || !(cause instanceof ExecError)) throw cause;
      const problem = cause.stderr.trim().split('\n').at(-1);
      throw new ConfigError(`katacontainers_repo=${displayRepository(repository)}: ${problem}`, { cause });
    },
  );
  return clone;
}

/** The commit of a revision in a clone. Rejects with {@link ConfigError} that names the option and the repository. */
export async function commitOf(clone: string, option: string, revision: string, from: Repository): Promise<string> {
  const commit = await revParse(clone, [revision]);
  if (commit === undefined) {
    throw new ConfigError(`${option} ${revision}: ${displayRepository(from)} has no branch, tag or commit ${revision}`);
  }
  return commit;
}

/** A commit in one line: id, date and subject. */
export async function describeCommit(clone: string, commit: string): Promise<string> {
  const said = (await git(clone, ['show', '--no-patch', '--format=%H %cs %s', commit])).trim();
  if (said === '') throw new HarnessError('git', `${clone} has no commit ${commit}`);
  return said;
}
