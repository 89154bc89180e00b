import type { Row } from './benchmark.ts';
import type { Medians } from './in-turns.ts';

/** Least calls per second of our client with many calls in flight, as a multiple of those of the Go client. */
const LEAST_CALLS = 0.9;
/** Longest median time of our client with one call in flight, as a multiple of that of the Go client. */
const LONGEST_TIME = 1.1;

/**
 * Compares a client of ours with containerd's Go client. One call in flight measures the time of a call, many measure
 * calls per second. Only small messages have a bound: large ones measure how fast this machine copies memory.
 */
export function besideGo(
  ours: Medians,
  go: Medians,
  { inFlight, small }: { readonly inFlight: number; readonly small: boolean },
): Pick<Row, 'beside' | 'ratio' | 'wanted'> {
  const beside = `Go: ${figureOf(go)}`;
  const ratio = inFlight === 1 ? ours.p50 / go.p50 : ours.callsPerSecond / go.callsPerSecond;
  if (!small) return { beside, ratio };
  const wanted =
    inFlight === 1
      ? { bound: `<= ${LONGEST_TIME} x the time`, kept: ratio <= LONGEST_TIME }
      : { bound: `>= ${LEAST_CALLS} x the calls`, kept: ratio >= LEAST_CALLS };
  return { beside, ratio, wanted };
}

/** Medians of a client, for display. */
export function figureOf({ callsPerSecond, p50, p99 }: Medians): string {
  return `${callsPerSecond.toFixed(0)} calls/s, p50 ${p50.toFixed(3)} ms, p99 ${p99.toFixed(3)} ms`;
}
