import { WORKTREE } from '../../helpers/git/snapshot.ts';
import type { CargoProfile } from '../../helpers/toolchain/cargo-runner.ts';
import type { Config } from './validated.ts';

/** The settings that decide how the agent is built, as inputs of its artefact. */
export function agentBuildInputs(
  config: Pick<Config, 'agentFeatures' | 'agentLibc' | 'agentProfile' | 'kataBranch'>,
): Readonly<Record<'features' | 'libc' | 'profile', string>> {
  const { agentFeatures, agentLibc } = config;
  return { features: agentFeatures?.join(',') ?? 'upstream', libc: agentLibc, profile: agentProfile(config) };
}

/** The profile in which cargo builds the agent: by default `dev` for the files of a checkout, and `release` for a commit. */
export function agentProfile({
  agentProfile: chosen,
  kataBranch,
}: Pick<Config, 'agentProfile' | 'kataBranch'>): CargoProfile {
  return chosen ?? (kataBranch === WORKTREE ? 'dev' : 'release');
}
