import { HarnessError } from '../helpers/errors.ts';
import type { Target } from '../helpers/target.ts';
import { aimedAt, type Config, journalDir, loadConfig } from './config.ts';
import { diagnose, obstacles } from './doctor.ts';
import { probeHost } from './host.ts';
import { plan } from './plan.ts';
import { plainProgress } from './progress.ts';
import { provision } from './run.ts';
import { settle } from './settle.ts';
import { describeTarget } from './target.ts';
import { teardown } from './teardown.ts';

/** A target made for a command of ours instead of for Vitest; disposing undoes it. */
export interface Standalone extends AsyncDisposable {
  readonly target: Target;
}

/** Makes the configured target, `local` when the choice is ours, and says so line by line. */
export async function makeTarget(signal: AbortSignal, changes: Partial<Config> = {}): Promise<Standalone> {
  const asked = { ...loadConfig(), ...changes };
  const config = await settle(aimedAt(asked.target === 'auto' ? 'local' : asked.target, asked), signal);
  const host = await probeHost(config.cacheDir);
  const [obstacle] = obstacles(diagnose(config, host));
  if (obstacle !== undefined) throw new HarnessError('doctor', obstacle);
  await teardown(journalDir(config));
  const progress = plainProgress((line) => console.log(line));
  const world = await provision(plan(config), { config, host, progress, signal });
  try {
    const target = await describeTarget(config, world);
    console.log(target.banner);
    return { target, [Symbol.asyncDispose]: () => world[Symbol.asyncDispose]() };
  } catch (error) {
    await world[Symbol.asyncDispose]();
    throw error;
  }
}
