import { ConfigError, HarnessError } from '../../helpers/errors.ts';
import { chooseTarget } from '../config/choose-target.ts';
import { type Config, type TargetedConfig, withoutEffect, withTarget } from '../config/config.ts';
import { basics, diagnose, obstacles } from '../host/doctor.ts';
import { type Host, probeHost } from '../host/probe.ts';

/** The configuration to set up, and this machine. */
export interface Aim {
  readonly config: TargetedConfig;
  readonly host: Host;
}

/** Chooses the target and reports settings without effect on it. Throws for settings that are rejected. */
export async function aim(asked: Config): Promise<Aim> {
  const host = await probeHost(asked.cacheDir);
  const { target, whyTarget } = await chooseTarget(asked, host);
  if (whyTarget !== undefined) console.log(`target: ${target}: ${whyTarget}`);
  const config = withTarget(target, asked);
  checkEffects(config);
  return { config, host };
}

/** Like {@link aim}, for commands that then set up the target: first throws for what this machine lacks. */
export async function aimToMake(asked: Config): Promise<Aim> {
  requireBasics();
  const aimed = await aim(asked);
  throwFirst(obstacles(diagnose(aimed.config, aimed.host)));
  return aimed;
}

/** Throws if this process cannot set up any target. Fast, because it does not probe the machine. */
export function requireBasics(): void {
  throwFirst(obstacles(basics()));
}

/** Reports settings without effect; throws for one whose loss would make the run test something unexpected. */
export function checkEffects(config: TargetedConfig): void {
  const found = withoutEffect(config);
  const refused = found.find((one) => one.refused);
  if (refused !== undefined) throw new ConfigError(refused.line);
  for (const { line } of found) console.log(line);
}

function throwFirst([obstacle]: readonly string[]): void {
  if (obstacle !== undefined) throw new HarnessError('doctor', obstacle);
}
