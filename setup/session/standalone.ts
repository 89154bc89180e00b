import type { Target } from '../../helpers/contract/target.ts';
import type { Config } from '../config/config.ts';
import { resolveConfig } from '../config/resolve.ts';
import { plainProgress } from '../engine/progress.ts';
import { plan } from '../plan.ts';
import { firstGuest } from '../steps/vm/first-guest.ts';
import { aimToMake } from './aim.ts';
import { begin } from './begin.ts';
import { provisionSteps, teardownRuns } from './engine.ts';

/** A target set up for a command other than Vitest; disposing undoes it. */
export interface Standalone extends AsyncDisposable {
  readonly target: Target;
}

/** Sets up the configured target, `local` for `auto`, and prints its progress in lines. */
export async function makeTarget(signal: AbortSignal, changes: Partial<Config> = {}): Promise<Standalone> {
  const asked = begin(changes);
  const { config: aimed, host } = await aimToMake({
    ...asked,
    target: asked.target === 'auto' ? 'local' : asked.target,
  });
  const config = await resolveConfig(aimed, signal);
  await teardownRuns(config);
  const progress = plainProgress((line) => console.log(line));
  const world = await provisionSteps(plan(config), { config, host, progress, signal });
  const target = world.result(firstGuest());
  console.log(target.banner);
  return { target, [Symbol.asyncDispose]: () => world[Symbol.asyncDispose]() };
}
