import { setTimeout as delay } from 'node:timers/promises';
import { messageOf, TimeoutError } from './errors.ts';

/** Limits of a wait: `timeoutMs` and `intervalMs` in milliseconds; `signal` aborts the wait with its reason. */
export interface PollOptions {
  readonly timeoutMs: number;
  readonly intervalMs?: number;
  readonly signal?: AbortSignal | undefined;
  /**
   * Whether an error of the probe means "not yet"; other errors end the wait. Default: all errors but {@link
   * isMistake}.
   */
  readonly retry?: (error: unknown) => boolean;
}

/**
 * The only wait loop of this project: calls `probe` until it returns a value other than `undefined`. An error that
 * `retry` accepts counts as "not yet", and the last one is the cause of the `TimeoutError`; any other error is thrown
 * as it is.
 */
export async function poll<T>(
  what: string,
  probe: () => Promise<T | undefined> | T | undefined,
  { timeoutMs, intervalMs = 20, signal, retry = (error) => !isMistake(error) }: PollOptions,
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
      if (!retry(error)) throw error;
      last = error;
    }
    if (performance.now() >= deadline) {
      const state = last === undefined ? '' : `; last: ${messageOf(last)}`;
      throw new TimeoutError(`${what} did not happen within ${Math.round(timeoutMs)} ms${state}`, { cause: last });
    }
    await delay(intervalMs, undefined, signal ? { signal } : {}).catch((error: unknown) => {
      // An aborted wait rejects with the signal's reason, not with the timer's AbortError.
      signal?.throwIfAborted();
      throw error;
    });
  }
}

const MISTAKES = [TypeError, ReferenceError, SyntaxError, RangeError, EvalError, URIError] as const;

/**
 * Whether an error is a programming mistake, which waiting cannot fix: an error of the language or a failed assertion.
 * fetch also reports a refused connection as a TypeError, but with a cause.
 */
export function isMistake(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return (
    error.name === 'AssertionError' || (error.cause === undefined && MISTAKES.some((kind) => error instanceof kind))
  );
}
