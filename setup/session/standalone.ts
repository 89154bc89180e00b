import type { Target } from '../../helpers/contract/target.ts';
import { type Config, journalDir } from '../config/config.ts';
import { resolveConfig } from '../config/resolve.ts';
import { plainProgress } from '../engine/progress.ts';
import { provision } from '../engine/provision.ts';
import { teardown } from '../engine/teardown.ts';
import { plan } from '../plan.ts';
import { firstGuest } from '../steps/vm/first-guest.ts';
import { aimToMake } from './aim.ts';
import { begin } from './begin.ts';

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
  await teardown(journalDir(config));
  const progress = plainProgress((line) => console.log(line));
  const world = await provision(plan(config), { config, host, progress, signal });
  const target = world.result(firstGuest());
  console.log(target.banner);
  return { target, [Symbol.asyncDispose]: () => world[Symbol.asyncDispose]() };
}
