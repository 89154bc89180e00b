import { ConfigError } from '../../../helpers/errors.ts';
import { readFileOf } from '../../../helpers/git/export.ts';
import { parseRepository } from '../../../helpers/git/repository.ts';
import { resolveRevision, WORKTREE } from '../../../helpers/git/snapshot.ts';
import { gitProblem } from '../../config/git-problem.ts';
import { gitStore } from '../../config/git-store.ts';
import { SEED_COMMIT } from '../../config/pins.ts';
import type { Config } from '../../config/validated.ts';
import type { Release } from './column.ts';

/**
 * Releases that are tested if none is named: the default commit of branch CCv0, and from Kata 2.4 on one for each
 * change of the ttrpc crate, of the sources of crates, or of the agent's API.
 */
export const DEFAULT_RELEASES: readonly string[] = [
  SEED_COMMIT,
  ...['2.4.0', '2.5.2', '3.0.2', '3.1.3', '3.2.0', '3.3.0', '3.8.0', '3.20.0', '4.0.0', '4.1.0'],
];

/** Resolves revisions of the Kata repository. Rejects with {@link ConfigError} that names an unknown one. */
export async function findReleases(
  names: readonly string[],
  config: Pick<Config, 'cacheDir' | 'kataRepo' | 'outbound'>,
  signal: AbortSignal,
): Promise<readonly Release[]> {
  const repository = parseRepository(config.kataRepo);
  const store = gitStore(config);
  const found: Release[] = [];
  for (const name of names) {
    if (name === WORKTREE)
      throw new ConfigError(`${name}: releases are commits; commit the changes, and name the branch`);
    const inOneLine = (cause: unknown): never => {
      throw signal.aborted ? cause : new ConfigError(`${name}: ${gitProblem(repository, cause)}`, { cause });
    };
    const snapshot = await resolveRevision(repository, name, store, signal).catch(inOneLine);
    if (found.some(({ commit }) => commit === snapshot.id)) continue;
    const version = (await readFileOf(snapshot, 'VERSION', store, signal).catch(inOneLine)).trim();
    found.push({ release: name === SEED_COMMIT ? name.slice(0, 10) : name, commit: snapshot.id, version });
  }
  return found;
}
