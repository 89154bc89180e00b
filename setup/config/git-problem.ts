import { messageOf } from '../../helpers/errors.ts';
import type { Repository } from '../../helpers/git/repository.ts';

/** Why a revision of a repository cannot be resolved or fetched, in one line: what git says, without its command line. */
export function gitProblem(repository: Repository, cause: unknown): string {
  const message = messageOf(cause);
  const isNoRepository = repository.kind === 'local' && /^fatal: not a git repository/m.test(message);
  if (isNoRepository) return `${repository.path} is not a git repository`;
  return /^fatal: (.+)$/m.exec(message)?.[1] ?? message;
}
