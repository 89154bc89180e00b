import type { ResolvedConfig } from '../config/resolve.ts';
import { plainProgress } from '../engine/progress.ts';
import { type Selection, WHAT_CHANGED } from '../engine/selection.ts';
import { probeHost } from '../host/probe.ts';
import type { Step } from '../step.ts';
import { provisionSteps, type Session } from './engine.ts';

/** Runs steps for a command other than Vitest and prints their progress in lines. Disposing undoes them. */
export async function runSteps(
  steps: readonly Step[],
  config: ResolvedConfig,
  signal: AbortSignal,
  { say = console.log, selected = WHAT_CHANGED }: { say?: (line: string) => void; selected?: Selection } = {},
): Promise<Session> {
  const host = await probeHost(config.cacheDir);
  return provisionSteps(steps, { config, host, progress: plainProgress(say), signal, selected });
}
