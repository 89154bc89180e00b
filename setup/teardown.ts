import type { FoundRun } from './journal.ts';
import { findRuns, replay } from './journal.ts';

/** What `teardown` did. */
export interface TeardownResult {
  readonly undone: readonly FoundRun[];
  /** Runs that still go on, and were left alone. */
  readonly alive: readonly FoundRun[];
}

/** Undoes everything that runs which are no longer there have left behind. */
export async function teardown(journals: string): Promise<TeardownResult> {
  const runs = await findRuns(journals);
  const undone = runs.filter((run) => !run.alive);
  for (const run of undone) await replay(run.file);
  return { undone, alive: runs.filter((run) => run.alive) };
}
