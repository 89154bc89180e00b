import { messageOf } from '../../helpers/errors.ts';
import type { Repository } from '../../helpers/git/repository.ts';

/** Why a revision of a repository cannot be resolved, for messages. */
export function gitProblem(repository: Repository, cause: unknown): string {
  const message = messageOf(cause);
  const isNoRepository = repository.kind === 'local' && /^fatal: not a git repository/m.test(message);
  return isNoRepository ? `${repository.path} is not a git repository` : message;
}
