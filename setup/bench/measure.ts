/** What a series of calls took. Times in milliseconds. */
export interface Series {
  readonly calls: number;
  readonly p50: number;
  readonly p99: number;
  readonly callsPerSecond: number;
}

/** Runs `call` over and over, `inFlight` at a time, for about `durationMs`. */
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

/** Percentiles by nearest rank. */
export function summarise(times: readonly number[], elapsedMs: number): Series {
  const sorted = [...times].sort((a, b) => a - b);
  const rank = (share: number): number => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
  return { calls: times.length, p50: rank(0.5), p99: rank(0.99), callsPerSecond: (times.length / elapsedMs) * 1_000 };
}

/** Milliseconds, as a figure in seconds. */
export function seconds(milliseconds: number): string {
  return `${(milliseconds / 1_000).toFixed(2)} s`;
}
