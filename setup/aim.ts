import { ConfigError, HarnessError } from '../helpers/errors.ts';
import { chooseTarget } from './choose-target.ts';
import { aimedAt, type Config, type TargetedConfig, withoutEffect } from './config.ts';
import { basics, diagnose, obstacles } from './doctor.ts';
import { type Host, probeHost } from './host.ts';

/** What is made, and on which machine. */
export interface Aim {
  readonly config: TargetedConfig;
  readonly host: Host;
}

/** Decides the target, and says which settings have no effect on it. Throws for those that are refused. */
export async function aim(asked: Config): Promise<Aim> {
  const host = await probeHost(asked.cacheDir);
  const { target, whyTarget } = await chooseTarget(asked, host);
  if (whyTarget !== undefined) console.log(`target: ${target}: ${whyTarget}`);
  const config = aimedAt(target, asked);
  checkEffects(config);
  return { config, host };
}

/** The same for a command that goes on to make the target: throws what stands in the way, before anything else is asked. */
export async function aimToMake(asked: Config): Promise<Aim> {
  requireBasics();
  const aimed = await aim(asked);
  throwFirst(obstacles(diagnose(aimed.config, aimed.host)));
  return aimed;
}

/** Throws for a process that can make no target at all: nothing of the machine is looked at, so it takes no time. */
export function requireBasics(): void {
  throwFirst(obstacles(basics()));
}

/** Reports settings that have no effect; throws for one without which the run would not be what the user expects. */
export function checkEffects(config: TargetedConfig): void {
  const found = withoutEffect(config);
  const refused = found.find((one) => one.refused);
  if (refused !== undefined) throw new ConfigError(refused.line);
  for (const { line } of found) console.log(line);
}

function throwFirst([obstacle]: readonly string[]): void {
  if (obstacle !== undefined) throw new HarnessError('doctor', obstacle);
}
