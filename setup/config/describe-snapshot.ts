import { displayRepository } from '../../helpers/git/repository.ts';
import { type Snapshot, WORKTREE } from '../../helpers/git/snapshot.ts';
import { leftOutPhrase } from '../steps/left-out.ts';

/** Repository, revision and commit of a snapshot, for messages; `variable` is the setting of the revision. */
export function describeSnapshot(
  { id, leftOut = [], repository, revision, uncommitted }: Snapshot,
  variable: string,
): string {
  const short = id.slice(0, 10);
  const what = id.startsWith(revision)
    ? short
    : revision === WORKTREE
      ? `${revision} (tree ${short})`
      : `${revision} (${short})`;
  const without =
    uncommitted === 0 ? '' : `, without ${uncommitted} uncommitted changes (${variable}=${WORKTREE} includes them)`;
  return `${displayRepository(repository)} at ${what}${without}${leftOutPhrase(leftOut)}`;
}
