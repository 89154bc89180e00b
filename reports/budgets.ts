import type { TimingFact } from '../helpers/run-facts.ts';
import { hundredths, median } from '../helpers/statistics.ts';
import type { Budget } from './model.ts';

/** What everything is measured in: on any machine, a pull of this small image costs what the machine is. */
const BASELINE = 'pull docker.io/library/busybox:latest';

/** How many pulls of the small image each may cost. Twice what is usual: a budget is to catch a change, not a busy day. */
const LIMITS: Readonly<Record<string, number>> = {
  'pull docker.io/library/large:100mb': 40,
  boot: 6,
  'create container': 1,
};

/** What every run does, as multiples of the run's own baseline; empty when the run has no baseline. */
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
