import type { Progress } from './progress.ts';
import type { StepName } from './step.ts';

/** Outcome, start and duration of one step of set-up. */
interface StepTiming extends StepName {
  readonly outcome: 'kept' | 'done' | 'failed';
  /** Start of the step, in milliseconds since the epoch. */
  readonly startedAt: number;
  readonly durationMs: number;
  /** Of an artefact, how long its build took, in this run or an earlier one. */
  readonly buildMs?: number;
}

/** Forwards the progress of steps, and records start and duration of each step. */
export function timed(
  progress: Progress,
  now: () => number = Date.now,
): Progress & { readonly steps: readonly StepTiming[] } {
  const steps: StepTiming[] = [];
  return {
    steps,
    started: (step, why) => progress.started(step, why),
    said: (step, text) => progress.said(step, text),
    ended(step, outcome, durationMs, buildMs) {
      const { feature, id, title } = step;
      steps.push({
        ...{ id, title, outcome, startedAt: now() - durationMs, durationMs: Math.round(durationMs) },
        ...(feature === undefined ? {} : { feature }),
        ...(buildMs === undefined ? {} : { buildMs }),
      });
      progress.ended(step, outcome, durationMs, buildMs);
    },
  };
}
