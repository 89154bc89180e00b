import type { Config } from './validated.ts';

/** The settings that decide how the agent is built, as inputs of its artefact. */
export function agentBuildInputs({
  agentFeatures,
  agentLibc,
}: Pick<Config, 'agentFeatures' | 'agentLibc'>): Readonly<Record<'features' | 'libc', string>> {
  return { features: agentFeatures?.join(',') ?? 'upstream', libc: agentLibc };
}
