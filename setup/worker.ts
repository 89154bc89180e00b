import { inject, vi } from 'vitest';
import type { Target } from '../helpers/target.ts';
import { SPEC_TIMEOUT_MS } from './limits.ts';

declare module 'vitest' {
  interface ProvidedContext {
    target: Target;
  }
}

/**
 * Runs before every spec file, and a worker has several. A terminal signals the whole process group: a worker that died of
 * it would leave its fixtures' clean-up undone. The main process hears the signal too, and cancels the run.
 */
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  if (process.listenerCount(signal) === 0) process.on(signal, () => {});
}

// A spec has so long on a machine that is not emulated.
const limit = SPEC_TIMEOUT_MS * inject('target').slow;
vi.setConfig({ testTimeout: limit, hookTimeout: limit });
