import { HarnessError, messageOf } from '../../helpers/errors.ts';
import type { FoundRun } from './journal.ts';
import { findRuns, replay } from './journal.ts';
import type { UndoKinds } from './undo.ts';

/** Result of {@link teardown}. */
export interface TeardownResult {
  readonly undone: readonly FoundRun[];
  /** Runs with a journal that are still running, and whose resources were not removed. */
  readonly alive: readonly FoundRun[];
}

/**
 * Removes the resources that ended runs left. After a failure, teardown continues with the other runs, throws all
 * failures in one error at the end, and retries them on the next call.
 */
export async function teardown(journals: string, kinds: UndoKinds): Promise<TeardownResult> {
  const runs = await findRuns(journals);
  const undone = runs.filter((run) => !run.alive);
  const problems: string[] = [];
  for (const run of undone) {
    await replay(run.file, kinds).catch((error: unknown) => void problems.push(messageOf(error)));
  }
  if (problems.length > 0) throw new HarnessError('teardown', problems.join('\n'));
  return { undone, alive: runs.filter((run) => run.alive) };
}
