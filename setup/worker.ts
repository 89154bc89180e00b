import { beforeAll, inject, type RunnerTestCase, type RunnerTestSuite, vi } from 'vitest';
import { type KnownIssue, retryOf } from '../helpers/known-issue.ts';
import type { Target } from '../helpers/target.ts';
import { SPEC_TIMEOUT_MS } from './limits.ts';

declare module 'vitest' {
  interface ProvidedContext {
    target: Target;
    knownIssues: readonly KnownIssue[];
  }
}

/**
 * Runs before every spec file, and a worker has several. A terminal signals the whole process group: a worker that died of
 * it would leave its fixtures' clean-up undone. The main process hears the signal too, and cancels the run.
 */
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  if (process.listenerCount(signal) === 0) process.on(signal, () => {});
}

// A spec has so long on a machine that is not emulated.
const limit = SPEC_TIMEOUT_MS * inject('target').slow;
vi.setConfig({ testTimeout: limit, hookTimeout: limit });

/** Of what this run is, every file says so: the reports of shards are merged with nothing else at hand. */
beforeAll(({}, { file }) => {
  const facts = inject('facts');
  file.meta.kataRun = facts;
  const today = new Date().toISOString().slice(0, 10);
  const place = { target: facts.target, generation: facts.agent.generation };
  for (const task of testsOf(file)) {
    const retry = retryOf(task.fullName, inject('knownIssues'), place, today);
    // Vitest reads it when the test begins. What is set for all tests would retry those no issue names.
    if (retry !== undefined) task.retry = retry;
  }
});

function testsOf({ tasks }: RunnerTestSuite): RunnerTestCase[] {
  return tasks.flatMap((task) => (task.type === 'suite' ? testsOf(task) : [task]));
}
