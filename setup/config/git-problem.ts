import { ConfigError, messageOf } from '../../helpers/errors.ts';
import { parseRepository, type Repository } from '../../helpers/git/repository.ts';
import { requireRepository } from '../../helpers/git/snapshot.ts';

/** Why a revision of a repository cannot be resolved or fetched, in one line: what git says, without its command line. */
export function gitProblem(repository: Repository, cause: unknown): string {
  const message = messageOf(cause);
  const isNoRepository = repository.kind === 'local' && /^fatal: not a git repository/m.test(message);
  if (isNoRepository) return `${repository.path} is not a git repository`;
  return /^fatal: (.+)$/m.exec(message)?.[1] ?? message;
}

/**
 * The result of `find` with the repository at a URL or path. Rejects with {@link ConfigError} in one line, which begins with `given`: the settings
 * that name what is looked for.
 */
export async function findGiven<Out>(
  given: string,
  url: string,
  find: (repository: Repository) => Promise<Out>,
): Promise<Out> {
  const repository = parseRepository(url);
  try {
    return await find(repository);
  } catch (cause) {
    throw new ConfigError(`${given}: ${gitProblem(repository, cause)}`, { cause });
  }
}

/** Rejects with {@link ConfigError} if the local path of a setting is not a git repository, although its revision is looked up later. */
export async function requireGiven(setting: string, url: string, signal?: AbortSignal): Promise<void> {
  await findGiven(`${setting}=${url}`, url, (repository) => requireRepository(repository, signal));
}
