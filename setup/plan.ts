import type { Settled } from './settle.ts';
import type { Step } from './step.ts';
import { standInAgent } from './steps/agent.ts';
import { containerd } from './steps/containerd.ts';
import { guestEtc } from './steps/guest-etc.ts';
import { images } from './steps/images.ts';
import { builtAgent, givenAgent } from './steps/kata-agent.ts';
import { packages } from './steps/packages.ts';
import { passwordRegistry, registry } from './steps/registry.ts';
import { registryStorage } from './steps/registry-storage.ts';
import { signatures } from './steps/signatures.ts';

/** Name of the Vitest project whose specs need a target; the harness's own tests need none. */
export const SUITES_PROJECT = 'suites';

/**
 * The steps for a target, each after what it needs. Nothing is done, and nothing looked at: a plan is data.
 * Empty when no selected project needs a target.
 */
export function plan(config: Settled, projects: readonly string[] = [SUITES_PROJECT]): readonly Step[] {
  if (!projects.includes(SUITES_PROJECT)) return [];
  return [
    packages,
    agentStep(config),
    images,
    signatures,
    registryStorage,
    guestEtc,
    registry,
    passwordRegistry,
    containerd,
  ];
}

/** The step that brings the agent about. `auto` that nobody has settled is the stand-in: it can always be had. */
function agentStep({ agent }: Settled): Step {
  if (agent === 'source') return builtAgent;
  return agent === 'stand-in' || agent === 'auto' ? standInAgent : givenAgent;
}
