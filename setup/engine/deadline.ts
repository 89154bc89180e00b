import { TimeoutError } from '../../helpers/errors.ts';

/**
 * Waits for work that cannot be aborted. At the timeout the wait rejects with {@link TimeoutError}, while the work
 * continues. The timer keeps the process alive, so that a wait for work that never ends is reported too.
 */
export async function withDeadline<T>(what: string, timeoutMs: number, work: () => T | PromiseLike<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const expired = new Promise<never>((_, reject) => {
    const late = (): void => reject(new TimeoutError(`${what} did not end within ${timeoutMs / 1_000} s`));
    timer = setTimeout(late, timeoutMs);
  });
  try {
    return await Promise.race([(async () => work())(), expired]);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Waits for work that cannot be aborted; rejects with the reason of `signal` as soon as it aborts, while the work
 * continues.
 */
export async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const ended = new AbortController();
  const aborted = new Promise<never>((_, reject) => {
    const give = (): void => reject(signal.reason);
    if (signal.aborted) give();
    else signal.addEventListener('abort', give, { once: true, signal: ended.signal });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    ended.abort();
  }
}
