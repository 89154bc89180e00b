import { relative } from 'node:path';
import { beforeAll, expect, inject, type RunnerTestCase, type RunnerTestSuite, vi } from 'vitest';
import { type KnownIssue, placeOf, retryOf } from '../../helpers/contract/known-issue.ts';
import { isByTest } from '../../helpers/contract/mute.ts';
import type { Target } from '../../helpers/contract/target.ts';
import { within } from '../../helpers/contract/time-limits.ts';

declare module 'vitest' {
  interface ProvidedContext {
    target: Target;
    knownIssues: readonly KnownIssue[];
  }
}

/**
 * Signals are ignored in workers, before every spec file. A terminal signals the whole process group: a worker that
 * died of the signal would not clean up its fixtures. The main process also gets the signal and cancels the run.
 */
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  if (process.listenerCount(signal) === 0) process.on(signal, () => {});
}

// vitest.config.ts knows no target, so its timeouts are those of a target without emulation.
const { mute } = inject('target');
const { timeoutMs } = within(inject('target'), 'spec');
const muted = isByTest(mute) ? mute.timeoutsMs[relative(process.cwd(), expect.getState().testPath ?? '')] : undefined;
vi.setConfig({ testTimeout: Math.min(muted ?? timeoutMs, timeoutMs), hookTimeout: timeoutMs });

/** Adds the facts of the run to every file, because merging the reports of shards has no other source. */
beforeAll(({}, { file }) => {
  const facts = inject('facts');
  file.meta.kataRun = facts;
  const today = new Date().toISOString().slice(0, 10);
  for (const task of testsOf(file)) {
    const retry = retryOf(task.fullName, inject('knownIssues'), placeOf(facts), today);
    // `retry` is set only for tests that a known issue names: Vitest reads it when the test begins, and would otherwise
    // retry all others too.
    if (retry !== undefined) task.retry = retry;
  }
});

function testsOf({ tasks }: RunnerTestSuite): RunnerTestCase[] {
  return tasks.flatMap((task) => (task.type === 'suite' ? testsOf(task) : [task]));
}
