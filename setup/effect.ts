import type { TargetName } from '../helpers/target.ts';
import type { TargetedConfig } from './config.ts';

/** Why a setting changes nothing in a configuration. */
export interface NoEffect {
  readonly why: string;
  /**
   * Refused when the setting belongs to another one that is not given: the user would test something else than they think.
   * A setting of another target is reported only, since shells and CI jobs keep settings for several targets.
   */
  readonly refused: boolean;
}

/** Tells why a setting has no effect in a configuration; `undefined` when it has one. */
export type Effect = (config: TargetedConfig) => NoEffect | undefined;

/** The setting is read on these targets only. */
export function onTargets(...targets: readonly TargetName[]): Effect {
  return ({ target }) =>
    targets.includes(target)
      ? undefined
      : { why: `target ${target} does not read it, only ${targets.join(' and ')}`, refused: false };
}

/** The setting is read only where `given` holds; `setting` says the same as a user writes it. */
export function onlyWith(setting: string, given: (config: TargetedConfig) => boolean): Effect {
  return (config) =>
    given(config) ? undefined : { why: `it is read only with ${setting}; set that too, or unset it`, refused: true };
}

/** All of these must hold; the first that does not is the reason. */
export function allOf(...effects: readonly Effect[]): Effect {
  return (config) => effects.map((effect) => effect(config)).find((none) => none !== undefined);
}

/** What Kata is built from has no effect where a bundle is installed; kata-agent-ctl may still be built from it. */
export const unlessBundled: Effect = ({ agentCtl, bundle, target }) =>
  target !== 'kata' || bundle === undefined || agentCtl === 'source'
    ? undefined
    : { why: 'KATA_BUNDLE is installed as it is, and nothing is built', refused: false };

/** The setting says what is built from Kata's source. */
export const whereKataIsBuilt: Effect = (config) => {
  const { agent, agentCtl, dataHub, kernel, target } = config;
  if (target === 'kata') return unlessBundled(config);
  const built = agent === 'auto' || agent === 'source' || agentCtl === 'source' || dataHub === 'source';
  if (built || (target === 'vm' && kernel === 'source')) return undefined;
  return { why: `with KATA_AGENT=${agent} nothing is built from it`, refused: false };
};

/** Target kata takes no agent that was built elsewhere: a run would test another agent than the one that is named. */
export const unlessKataBuildsIt: Effect = ({ agent, target }) =>
  target !== 'kata' || agent === 'auto' || agent === 'source'
    ? undefined
    : { why: 'target kata takes the agent that is built from katacontainers_repo; unset it', refused: true };

/** The stand-in agent pulls images itself. */
export const unlessStandIn: Effect = ({ agent, target }) =>
  target === 'kata' || agent !== 'stand-in'
    ? undefined
    : { why: 'the stand-in agent (KATA_AGENT=stand-in) delegates no image pulls', refused: false };

/** The setting is about a cluster. */
export const unlessNoCluster: Effect = ({ kubernetes }) =>
  kubernetes === 'no' ? { why: 'KUBERNETES=no: there is no cluster', refused: false } : undefined;
