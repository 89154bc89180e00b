import { probeHost } from './host.ts';
import { plainProgress } from './progress.ts';
import { provision, type World } from './run.ts';
import { type Selection, WHAT_CHANGED } from './selection.ts';
import type { Settled } from './settle.ts';
import type { Step } from './step.ts';

/** Carries out steps for a command of ours instead of for Vitest, and says so line by line. Disposing undoes them. */
export async function carryOut(
  steps: readonly Step[],
  config: Settled,
  signal: AbortSignal,
  { say = console.log, selected = WHAT_CHANGED }: { say?: (line: string) => void; selected?: Selection } = {},
): Promise<World> {
  const host = await probeHost(config.cacheDir);
  return provision(steps, { config, host, progress: plainProgress(say), signal, selected });
}
