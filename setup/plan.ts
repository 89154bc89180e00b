import type { Config } from './config.ts';
import type { Step } from './step.ts';
import { kataAgent, standInAgent } from './steps/agent.ts';
import { containerd } from './steps/containerd.ts';
import { guestEtc } from './steps/guest-etc.ts';
import { images } from './steps/images.ts';
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
export function plan(config: Config, projects: readonly string[] = [SUITES_PROJECT]): readonly Step[] {
  if (!projects.includes(SUITES_PROJECT)) return [];
  const agent = config.agent === 'stand-in' ? standInAgent : kataAgent;
  return [packages, agent, images, signatures, registryStorage, guestEtc, registry, passwordRegistry, containerd];
}
