import type { SetupFact } from '../../helpers/contract/run-facts.ts';
import type { Progress } from './provision.ts';

/** Forwards progress, and records start and duration of each step. */
export function timed(
  progress: Progress,
  now: () => number = Date.now,
): Progress & { readonly steps: readonly SetupFact[] } {
  const steps: SetupFact[] = [];
  return {
    steps,
    started: (step, why) => progress.started(step, why),
    said: (step, text) => progress.said(step, text),
    ended(step, outcome, durationMs) {
      const { id, title } = step;
      steps.push({ id, title, outcome, startedAt: now() - durationMs, durationMs: Math.round(durationMs) });
      progress.ended(step, outcome, durationMs);
    },
  };
}
