import { isCdhMutant } from '../../helpers/contract/cdh-mutant.ts';
import { isInputSwap } from '../../helpers/contract/input-swap.ts';
import { isPolicySwap } from '../../helpers/contract/policy-swap.ts';
import type { TargetName } from '../../helpers/contract/target.ts';
import { HYPERVISOR_ON_HOST } from '../../helpers/kata/hypervisors.ts';
import type { TargetedConfig } from './validated.ts';

/** The reason why a setting has no effect in a configuration. */
export interface NoEffect {
  readonly why: string;
  /**
   * Whether the setting is rejected instead of reported, because it needs another setting that is not set: the user
   * would test something else than intended. A setting of another target is only reported, because shells and CI jobs
   * keep settings for several targets.
   */
  readonly refused: boolean;
}

/** Returns why a setting has no effect in a configuration; `undefined` if it has an effect. */
export type Effect = (config: TargetedConfig) => NoEffect | undefined;

/** For settings that are read only on some targets. */
export function onTargets(...targets: readonly TargetName[]): Effect {
  return ({ target }) =>
    targets.includes(target)
      ? undefined
      : { why: `target ${target} does not read it, only ${targets.join(' and ')}`, refused: false };
}

/** For settings that are read only if `given` returns true; `setting` is the condition in the user's notation. */
export function onlyWith(setting: string, given: (config: TargetedConfig) => boolean): Effect {
  return (config) =>
    given(config) ? undefined : { why: `it is read only with ${setting}; set that too, or unset it`, refused: true };
}

/**
 * For KATA_MUTANT: most mutants are edits of the stand-in agent, which has neither a policy nor a CDH, whose inputs the others change.
 */
export const whereMutantFits: Effect = (config) => {
  const { agent, cdh, mutant, target } = config;
  if (!isPolicySwap(mutant) && !isInputSwap(mutant) && !isCdhMutant(mutant))
    return onlyWith('KATA_AGENT=stand-in', () => agent === 'stand-in')(config);
  if (agent === 'stand-in')
    return { why: `the stand-in agent has no ${isPolicySwap(mutant) ? 'policy' : 'CDH'}`, refused: true };
  if (!isCdhMutant(mutant)) return undefined;
  if (target !== 'vm')
    return { why: `guests of target ${target} have no server between agent and CDH, only those of vm`, refused: true };
  return onlyWith('KATA_CDH', () => cdh !== undefined)(config);
};

/** For settings that have an effect only if all of these conditions agree; the first reason is returned. */
export function allOf(...effects: readonly Effect[]): Effect {
  return (config) => effects.map((effect) => effect(config)).find((none) => none !== undefined);
}

/**
 * For KATA_HYPERVISOR: where guests run in another hypervisor than QEMU. A hybrid vsock, as Cloud Hypervisor has, leads the guest's
 * connections to a unix socket of the sandbox, not to the vsock of the host, on which the registries are.
 */
export const whereHypervisorFits: Effect = ({ bundle, cdh, hypervisor, runtime, target }) => {
  const refuse = (why: string): NoEffect => ({ why: `${why}, or KATA_HYPERVISOR=qemu`, refused: true });
  if (hypervisor === 'qemu') return undefined;
  const { name } = HYPERVISOR_ON_HOST[hypervisor];
  if (target === 'vm') return refuse('guests of target vm run in QEMU only; set KATA_TARGET=kata');
  if (runtime === 'go') return refuse(`guests run in ${name} with runtime-rs only; set KATA_RUNTIME=rs`);
  if (bundle === undefined && cdh !== undefined) {
    return refuse(`guests in ${name} do not reach the registries that serve KATA_CDH over vsock; unset KATA_CDH`);
  }
  return undefined;
};

/**
 * For settings of Kata's source, which has no effect if a bundle is installed, unless kata-agent-ctl or genpolicy is built from it.
 */
export const unlessBundled: Effect = ({ agentCtl, bundle, genpolicy, target }) =>
  target !== 'kata' || bundle === undefined || agentCtl === 'source' || genpolicy === 'source'
    ? undefined
    : { why: 'KATA_BUNDLE is installed as it is, and nothing is built', refused: false };

/** For settings that affect what is built from Kata's source. */
export const whereKataIsBuilt: Effect = (config) => {
  const { agent, agentCtl, cdh, containerd, genpolicy, guestComponents, kbs, kernel, target } = config;
  if (target === 'kata') return unlessBundled(config);
  const built = agent === 'auto' || [agent, agentCtl, cdh, genpolicy, guestComponents, kbs].includes('source');
  if (built || (target === 'local' && containerd === 'source') || (target === 'vm' && kernel === 'source'))
    return undefined;
  return { why: `with KATA_AGENT=${agent} nothing is built from it`, refused: false };
};

/** For settings of how the agent is built: with another agent, a run would test something else than intended. */
export const whereAgentIsBuilt: Effect = (config) => {
  const { agent, target } = config;
  if (target === 'kata') return unlessBundled(config);
  if (agent === 'auto' || agent === 'source') return undefined;
  return { why: `it is read only with KATA_AGENT=source; set that too, or unset it`, refused: true };
};

/**
 * For settings of an agent built elsewhere, which target kata does not use: a run would test another agent than the
 * named one.
 */
export const unlessKataBuildsIt: Effect = ({ agent, target }) =>
  target !== 'kata' || agent === 'auto' || agent === 'source'
    ? undefined
    : { why: 'target kata uses the agent built from katacontainers_repo; unset it', refused: true };

/** For settings of the CDH: the stand-in agent pulls images without one. */
export const unlessStandIn: Effect = ({ agent, target }) =>
  target === 'kata' || agent !== 'stand-in'
    ? undefined
    : { why: 'the stand-in agent (KATA_AGENT=stand-in) delegates no image pulls', refused: false };

/** For settings that affect only a Kubernetes cluster. */
export const unlessNoCluster: Effect = ({ kubernetes }) =>
  kubernetes === 'no' ? { why: 'KUBERNETES=no: there is no cluster', refused: false } : undefined;
