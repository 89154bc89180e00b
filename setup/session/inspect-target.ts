import type { TargetName } from '../../helpers/contract/target.ts';
import { chooseTarget } from '../config/choose-target.ts';
import { resolveConfig } from '../config/resolve.ts';
import type { ResolvedConfig } from '../config/resolved.ts';
import { type Config, type TargetedConfig, withTarget } from '../config/validated.ts';
import type { Versions } from '../host/doctor.ts';
import { type Host, probeHost } from '../host/probe.ts';
import { probeVersions } from '../host/versions.ts';
import { declaredHere } from './declared-here.ts';
import { checkEffects, readSettings } from './settings.ts';

/** Options that select the target. */
export interface TargetRequest {
  /** Settings that replace the user's. */
  readonly changes?: Partial<Config>;
  /** Target for KATA_TARGET=auto, instead of one that is chosen for this machine. */
  readonly targetForAuto?: TargetName;
  /** Prints a line for the user; console.log by default. */
  readonly log?: (line: string) => void;
  /** Prints a notice of a setting that is unknown or has no effect; as `log` by default. */
  readonly notice?: (line: string) => void;
  /** Called with the settings before this machine is probed; throws for those that are rejected. */
  readonly check?: (settings: Config) => void;
}

/** A target that is not resolved yet, and this machine. */
export interface InspectedTarget {
  readonly config: TargetedConfig;
  readonly host: Host;
  readonly versions: Versions;
}

/**
 * Reads the settings, probes this machine, chooses the target, and reports settings without effect on it. Uses no network
 * and changes nothing. Throws for settings that are rejected.
 */
export async function inspectTarget(request: TargetRequest = {}): Promise<InspectedTarget> {
  const { changes, check, log = console.log, notice = log, targetForAuto } = request;
  const settings = readSettings(changes, notice);
  check?.(settings);
  const host = await probeHost(settings.cacheDir);
  const requested = settings.target === 'auto' && targetForAuto ? withTarget(targetForAuto, settings) : settings;
  const { target, whyTarget } = await chooseTarget(requested, host);
  if (whyTarget !== undefined) log(`target: ${target}: ${whyTarget}`);
  const config = withTarget(target, settings);
  checkEffects(config, notice);
  const versions = { found: await probeVersions(config), declared: await declaredHere(config) };
  return { config, host, versions };
}

/** Resolves the configuration, over the network where necessary, and says which agent and runtime `auto` means. */
export async function resolveTarget(
  config: TargetedConfig,
  {
    log = console.log,
    signal,
  }: { readonly log?: ((line: string) => void) | undefined; readonly signal?: AbortSignal } = {},
): Promise<ResolvedConfig> {
  const resolved = await resolveConfig(config, signal);
  if (resolved.why !== undefined) log(`agent: ${resolved.agent}: ${resolved.why}`);
  if (resolved.whyRuntime !== undefined) log(`runtime: ${resolved.builtRuntime}: ${resolved.whyRuntime}`);
  return resolved;
}
