import type { ResolvedConfig } from './config/resolve.ts';
import { withNeeds } from './engine/step.ts';
import type { Step } from './step.ts';
import { agentStep } from './steps/agent/agent-choice.ts';
import { agentCtlSteps } from './steps/agent/agent-ctl.ts';
import { agentPolicy } from './steps/agent/agent-policy.ts';
import { agentProtos } from './steps/agent/agent-protos.ts';
import { containerd } from './steps/containerd.ts';
import { guestEtc } from './steps/images/guest-etc.ts';
import { images } from './steps/images/images.ts';
import { passwordRegistry, registry } from './steps/images/registry.ts';
import { registryStorage } from './steps/images/registry-storage.ts';
import { signatures } from './steps/images/signatures.ts';
import { BUNDLE_STEPS } from './steps/kata/kata-bundle.ts';
import { kataInstallation } from './steps/kata/kata-installation.ts';
import { kubernetes } from './steps/kata/kubernetes.ts';
import { packages } from './steps/packages.ts';
import { vsock } from './steps/qemu/vsock.ts';
import { firstGuest } from './steps/vm/first-guest.ts';
import { machineSteps } from './steps/vm/guest-machine.ts';
import { guestMemory } from './steps/vm/guest-memory.ts';
import { template } from './steps/vm/template.ts';

/** Name of the Vitest project whose specs need a target; the harness's own tests need none. */
export const SUITES_PROJECT = 'suites';

/**
 * The steps of a target, each after the steps it needs; the last one starts a first guest. A pure function: nothing is
 * run or probed.
 */
export function plan(config: ResolvedConfig): readonly Step[] {
  return withNeeds([firstGuest([...wanted(config), ...agentProtos(config), ...agentPolicy(config)])]);
}

function wanted(config: ResolvedConfig): readonly Step[] {
  const common = [...COMMON, ...agentCtlSteps(config)];
  switch (config.target) {
    case 'local':
      return [...common, agentStep(config), containerd];
    case 'vm':
      return [...common, agentStep(config), vsock, guestMemory, ...machineSteps(config), template(config)];
    case 'kata':
      return [...common, ...kataBuilds(config), kataInstallation(config), ...clusterOf(config)];
  }
}

/** Steps of every target: test images and the registries that serve them. */
const COMMON: readonly Step[] = [packages, images, signatures, registryStorage, guestEtc, registry, passwordRegistry];

function clusterOf(config: ResolvedConfig): readonly Step[] {
  return config.cluster ? [kubernetes(config)] : [];
}

/** Steps that build Kata; none if the user provides a bundle. */
function kataBuilds({ bundle }: ResolvedConfig): readonly Step[] {
  return bundle === undefined ? BUNDLE_STEPS.filter((step) => !COMMON.includes(step)) : [];
}
