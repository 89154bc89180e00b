import type { Settled } from './settle.ts';
import type { Step } from './step.ts';
import { agentStep } from './steps/agent-choice.ts';
import { containerd } from './steps/containerd.ts';
import { guestEtc } from './steps/guest-etc.ts';
import { machineSteps } from './steps/guest-machine.ts';
import { guestMemory } from './steps/guest-memory.ts';
import { images } from './steps/images.ts';
import { BUNDLE_STEPS } from './steps/kata-bundle.ts';
import { kataInstallation } from './steps/kata-installation.ts';
import { packages } from './steps/packages.ts';
import { passwordRegistry, registry } from './steps/registry.ts';
import { registryStorage } from './steps/registry-storage.ts';
import { signatures } from './steps/signatures.ts';
import { template } from './steps/template.ts';
import { vsock } from './steps/vsock.ts';

/** Name of the Vitest project whose specs need a target; the harness's own tests need none. */
export const SUITES_PROJECT = 'suites';

/** The steps for a target, each after what it needs. Nothing is done, and nothing looked at: a plan is data. */
export function plan(config: Settled): readonly Step[] {
  const common = [
    packages,
    agentStep(config),
    images,
    signatures,
    registryStorage,
    guestEtc,
    registry,
    passwordRegistry,
  ];
  if (config.target === 'local') return [...common, containerd];
  if (config.target === 'kata') return kataPlan(config);
  return [...common, vsock, guestMemory, ...machineSteps(config), template(config)];
}

function kataPlan(config: Settled): readonly Step[] {
  const common: readonly Step[] = [packages, images, signatures, registryStorage, guestEtc, registry, passwordRegistry];
  const builds = config.bundle === undefined ? BUNDLE_STEPS.filter((step) => !common.includes(step)) : [];
  return [...common, ...builds, kataInstallation(config)];
}
