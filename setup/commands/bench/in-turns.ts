import { median } from '../../../helpers/text/statistics.ts';
import type { Series } from './measure.ts';

/** Number of turns whose medians are compared. */
export const TURNS = 5;

/** Medians of several series of RPC calls. */
export type Medians = Omit<Series, 'calls'>;

/**
 * Measures all clients in turn, {@link TURNS} times, so that other load of the machine affects all of them. Returns the
 * medians of each. A turn before them is not counted: V8 compiles our client in it, which took up to twice as long per call.
 */
export async function mediansInTurns<Name extends string>(
  clients: Readonly<Record<Name, () => Promise<Series>>>,
): Promise<Record<Name, Medians>> {
  const names = Object.keys(clients) as Name[];
  const all = new Map<Name, Series[]>(names.map((name) => [name, []]));
  for (let turn = 0; turn <= TURNS; turn += 1) {
    for (const [name, series] of all) {
      const one = await clients[name]();
      if (turn > 0) series.push(one);
    }
  }
  return Object.fromEntries([...all].map(([name, series]) => [name, mediansOf(series)])) as Record<Name, Medians>;
}

function mediansOf(series: readonly Series[]): Medians {
  return {
    callsPerSecond: median(series.map(({ callsPerSecond }) => callsPerSecond)),
    p50: median(series.map(({ p50 }) => p50)),
    p99: median(series.map(({ p99 }) => p99)),
  };
}
