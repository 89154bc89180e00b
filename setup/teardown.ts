import { HarnessError, messageOf } from '../helpers/errors.ts';
import type { FoundRun } from './journal.ts';
import { findRuns, replay } from './journal.ts';

/** What `teardown` did. */
export interface TeardownResult {
  readonly undone: readonly FoundRun[];
  /** Runs that still go on, and were left alone. */
  readonly alive: readonly FoundRun[];
}

/**
 * Undoes everything that runs which are no longer there have left behind. Every run is tried; what went wrong is thrown
 * together at the end, and can be tried again.
 */
export async function teardown(journals: string): Promise<TeardownResult> {
  const runs = await findRuns(journals);
  const undone = runs.filter((run) => !run.alive);
  const problems: string[] = [];
  for (const run of undone) {
    await replay(run.file).catch((error: unknown) => void problems.push(messageOf(error)));
  }
  if (problems.length > 0) throw new HarnessError('teardown', problems.join('\n'));
  return { undone, alive: runs.filter((run) => run.alive) };
}
