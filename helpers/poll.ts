import { setTimeout as delay } from 'node:timers/promises';
import { messageOf, TimeoutError } from './errors.ts';

/** `timeoutMs` and `intervalMs` in milliseconds; `signal` aborts the wait with its reason. */
export interface PollOptions {
  readonly timeoutMs: number;
  readonly intervalMs?: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * The one wait loop: calls `probe` until it gives something other than `undefined`. A probe that throws counts as "not
 * yet"; what it threw is the last state the `TimeoutError` reports.
 */
export async function poll<T>(
  what: string,
  probe: () => Promise<T | undefined> | T | undefined,
  { timeoutMs, intervalMs = 20, signal }: PollOptions,
): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  let last: unknown;
  for (;;) {
    signal?.throwIfAborted();
    try {
      const value = await probe();
      if (value !== undefined) return value;
      last = undefined;
    } catch (error) {
      last = error;
    }
    if (performance.now() >= deadline) {
      const state = last === undefined ? '' : `; last: ${messageOf(last)}`;
      throw new TimeoutError(`${what} did not happen within ${Math.round(timeoutMs)} ms${state}`, { cause: last });
    }
    await delay(intervalMs, undefined, signal ? { signal } : {}).catch((error: unknown) => {
      // Given up: for that reason, not because a timer was.
      signal?.throwIfAborted();
      throw error;
    });
  }
}
