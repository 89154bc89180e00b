import { loadConfig } from '../../config/config.ts';
import { Run, VITEST } from '../child-run.ts';
import type { BenchContext } from './benchmark.ts';

/**
 * Runs the suites, or some of their files, as a user does, with reports in the bench's directory. Returns the start, as
 * `Date.now()`, and the duration in milliseconds; rejects if a test fails.
 */
export async function runSuites(
  { directory, signal }: BenchContext,
  environment: Readonly<Record<string, string>> = {},
  files: readonly string[] = [],
): Promise<{ readonly begun: number; readonly ms: number }> {
  signal.throwIfAborted();
  const begun = Date.now();
  const run = new Run([...VITEST, ...files], {
    KATA_CACHE_DIR: loadConfig().cacheDir,
    KATA_REPORTS_DIR: directory,
    KATA_HISTORY_DIR: directory,
    ...environment,
  });
  const interrupt = (): void => run.signalGroup('SIGINT');
  signal.addEventListener('abort', interrupt);
  try {
    const { code } = await run.ended;
    signal.throwIfAborted();
    if (code !== 0) throw new Error(`the suites exited with ${code}: ${(run.output + run.errors).slice(-1_000)}`);
    return { begun, ms: Date.now() - begun };
  } finally {
    signal.removeEventListener('abort', interrupt);
  }
}
