import { probeHost } from './host.ts';
import { plainProgress } from './progress.ts';
import { provision, type World } from './run.ts';
import { type Selection, WHAT_CHANGED } from './selection.ts';
import type { Settled } from './settle.ts';
import type { Step } from './step.ts';

/** Runs steps for a command other than Vitest and prints their progress in lines. Disposing undoes them. */
export async function carryOut(
  steps: readonly Step[],
  config: Settled,
  signal: AbortSignal,
  { say = console.log, selected = WHAT_CHANGED }: { say?: (line: string) => void; selected?: Selection } = {},
): Promise<World> {
  const host = await probeHost(config.cacheDir);
  return provision(steps, { config, host, progress: plainProgress(say), signal, selected });
}
