import type { TargetName } from '../../helpers/contract/target.ts';
import type { TargetedConfig } from './config.ts';

/** Why a setting has no effect in a configuration. */
export interface NoEffect {
  readonly why: string;
  /**
   * Whether the setting is rejected, because it needs another setting that is not set: the user would test something
   * else than intended. A setting of another target is only reported, because shells and CI jobs keep settings for
   * several targets.
   */
  readonly refused: boolean;
}

/** Returns why a setting has no effect in a configuration; `undefined` if it has one. */
export type Effect = (config: TargetedConfig) => NoEffect | undefined;

/** The setting is read only on these targets. */
export function onTargets(...targets: readonly TargetName[]): Effect {
  return ({ target }) =>
    targets.includes(target)
      ? undefined
      : { why: `target ${target} does not read it, only ${targets.join(' and ')}`, refused: false };
}

/** The setting is read only if `given` returns true; `setting` is the condition in the user's notation. */
export function onlyWith(setting: string, given: (config: TargetedConfig) => boolean): Effect {
  return (config) =>
    given(config) ? undefined : { why: `it is read only with ${setting}; set that too, or unset it`, refused: true };
}

/** The setting has an effect only if all of these say so; the first reason is returned. */
export function allOf(...effects: readonly Effect[]): Effect {
  return (config) => effects.map((effect) => effect(config)).find((none) => none !== undefined);
}

/** Kata's source has no effect if a bundle is installed, unless kata-agent-ctl is built from it. */
export const unlessBundled: Effect = ({ agentCtl, bundle, target }) =>
  target !== 'kata' || bundle === undefined || agentCtl === 'source'
    ? undefined
    : { why: 'KATA_BUNDLE is installed as it is, and nothing is built', refused: false };

/** The setting affects what is built from Kata's source. */
export const whereKataIsBuilt: Effect = (config) => {
  const { agent, agentCtl, cdh, kernel, target } = config;
  if (target === 'kata') return unlessBundled(config);
  const built = agent === 'auto' || agent === 'source' || agentCtl === 'source' || cdh === 'source';
  if (built || (target === 'vm' && kernel === 'source')) return undefined;
  return { why: `with KATA_AGENT=${agent} nothing is built from it`, refused: false };
};

/** Target kata does not use an agent built elsewhere: a run would test another agent than the named one. */
export const unlessKataBuildsIt: Effect = ({ agent, target }) =>
  target !== 'kata' || agent === 'auto' || agent === 'source'
    ? undefined
    : { why: 'target kata uses the agent built from katacontainers_repo; unset it', refused: true };

/** The stand-in agent pulls images itself. */
export const unlessStandIn: Effect = ({ agent, target }) =>
  target === 'kata' || agent !== 'stand-in'
    ? undefined
    : { why: 'the stand-in agent (KATA_AGENT=stand-in) delegates no image pulls', refused: false };

/** The setting affects only a cluster. */
export const unlessNoCluster: Effect = ({ kubernetes }) =>
  kubernetes === 'no' ? { why: 'KUBERNETES=no: there is no cluster', refused: false } : undefined;
