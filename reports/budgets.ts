import type { TimingFact } from '../helpers/contract/run-facts.ts';
import { hundredths, median } from '../helpers/text/statistics.ts';
import type { Budget } from './model.ts';

/** The unit of all budgets: the time to pull this small image scales with the speed of the machine. */
const BASELINE = 'pull docker.io/library/busybox:latest';

/** Limits in pulls of the small image: twice the usual value, to catch a change and not a busy machine. */
const LIMITS: Readonly<Record<string, number>> = {
  'pull docker.io/library/large:100mb': 40,
  boot: 6,
  'create container': 1,
};

/** Durations as multiples of the run's own baseline; empty if the run has no baseline. */
export function budgetsOf(timings: readonly TimingFact[], limits = LIMITS): Budget[] {
  const of = (name: string): number[] => timings.filter((timing) => timing.name === name).map(({ ms }) => ms);
  const baseline = median(of(BASELINE));
  if (baseline === 0) return [];
  return Object.entries(limits).flatMap(([name, limit]) => {
    const samples = of(name);
    if (samples.length === 0) return [];
    const ms = hundredths(median(samples));
    return [{ name, ms, ratio: hundredths(ms / baseline), limit, samples: samples.length }];
  });
}
