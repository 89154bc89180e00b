import type { SetupCost, SetupStep } from '../model.ts';

/** The part of set-up that no optional part of a configuration requires. */
const EVERY_RUN = 'every run';

/** What set-up cost by part: sums over the steps, some of which run at the same time. Every run's is the first. */
export function setupCostsOf(subjects: readonly { readonly setup: readonly SetupStep[] }[]): SetupCost[] {
  const parts = new Map<string, SetupStep[]>();
  for (const step of subjects.flatMap(({ setup }) => setup)) {
    const part = step.feature ?? EVERY_RUN;
    parts.set(part, [...(parts.get(part) ?? []), step]);
  }
  const names = [...parts.keys()].sort(
    (a, b) => Number(b === EVERY_RUN) - Number(a === EVERY_RUN) || a.localeCompare(b),
  );
  return names.map((part) => costOf(part, parts.get(part) ?? []));
}

function costOf(part: string, steps: readonly SetupStep[]): SetupCost {
  const fromNothing = steps.map(fromNothingMs);
  const known = fromNothing.flatMap((duration) => duration ?? []);
  return {
    part,
    steps: steps.length,
    built: steps.filter(({ buildMs, outcome }) => outcome === 'done' && buildMs !== undefined).length,
    ...(known.length === steps.length ? { fromNothingMs: sum(known) } : {}),
    durationMs: sum(steps.map(({ durationMs }) => durationMs)),
  };
}

/** A service takes as long in every run; an artefact that was kept, as long as its build took. */
function fromNothingMs({ buildMs, durationMs, outcome }: SetupStep): number | undefined {
  return buildMs ?? (outcome === 'kept' ? undefined : durationMs);
}

function sum(durations: readonly number[]): number {
  return durations.reduce((total, duration) => total + duration, 0);
}
