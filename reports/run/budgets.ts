import type { TimingFact } from '../../helpers/contract/run-facts.ts';
import { hundredths, median } from '../../helpers/text/statistics.ts';
import type { Budget } from '../model.ts';

/**
 * The operation whose duration is the unit of all time budgets: the pull of this small image takes longer on a slower
 * machine, as everything else does.
 */
const BASELINE = 'pull docker.io/library/busybox:latest';

/**
 * Time budgets as multiples of a pull of the small image: twice the usual value, to detect a change and not a busy
 * machine.
 */
const LIMITS: Readonly<Record<string, number>> = {
  'pull docker.io/library/large:100mb': 40,
  boot: 6,
  'create container': 1,
};

/** Durations as multiples of the same run's pull of the small image; empty if the run has no such pull. */
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
