import { median, quantile } from '../../../helpers/text/statistics.ts';

/** Rate of a series of RPC calls, and their latencies in milliseconds. */
export interface Series {
  readonly calls: number;
  readonly p50: number;
  readonly p99: number;
  readonly callsPerSecond: number;
}

/** Makes RPC calls with `call` repeatedly, `inFlight` concurrently, for about `durationMs`. */
export async function measure(call: () => Promise<unknown>, inFlight: number, durationMs: number): Promise<Series> {
  const times: number[] = [];
  const begun = performance.now();
  const worker = async (): Promise<void> => {
    while (performance.now() - begun < durationMs) {
      const started = performance.now();
      await call();
      times.push(performance.now() - started);
    }
  };
  await Promise.all(Array.from({ length: inFlight }, worker));
  return summarise(times, performance.now() - begun);
}

function summarise(times: readonly number[], elapsedMs: number): Series {
  const [p50, p99] = [median(times), quantile(times, 0.99)];
  return { calls: times.length, p50, p99, callsPerSecond: (times.length / elapsedMs) * 1_000 };
}

/** Formats milliseconds as seconds, for display. */
export function seconds(milliseconds: number): string {
  return `${(milliseconds / 1_000).toFixed(2)} s`;
}
