import { once } from 'node:events';
import { execa } from 'execa';
import { defined } from '../defined.ts';
import { minimalEnv } from './exec.ts';

/** How long a claim may take before the caller hears of it, in milliseconds. */
const PATIENCE_MS = 1_000;

/** Options of {@link claim}. */
export interface ClaimOptions {
  readonly signal?: AbortSignal;
  /** Called once if another process has the claim. */
  onWait(): void;
}

/**
 * Claims a file for this process, once no other one has claimed it; the file is created. Disposing gives it up, and so does the end of this
 * process, however it ends. Source: flock(1); cat ends at the end of its input.
 */
export async function claim(file: string, { onWait, signal }: ClaimOptions): Promise<AsyncDisposable> {
  signal?.throwIfAborted();
  const options = { env: minimalEnv(), extendEnv: false, ...defined({ cancelSignal: signal }) };
  const holder = execa('flock', ['--no-fork', file, 'sh', '-c', 'echo claimed; exec cat'], options);
  const timer = setTimeout(onWait, PATIENCE_MS);
  try {
    // If flock fails, its error is thrown; otherwise the claim's line comes first.
    await Promise.race([once(holder.stdout, 'data'), holder]);
  } finally {
    clearTimeout(timer);
  }
  return {
    [Symbol.asyncDispose]: async () => {
      holder.stdin.end();
      await holder.catch((error: unknown) => {
        // An abort has ended flock already; its error would hide the one with which the caller ends.
        if (!signal?.aborted) throw error;
      });
    },
  };
}
