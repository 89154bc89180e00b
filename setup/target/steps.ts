import type { ResolvedConfig } from '../config/resolved.ts';
import type { Step } from '../step.ts';
import { agentCtlSteps } from '../steps/agent/agent-ctl.ts';
import { agentPolicy } from '../steps/agent/agent-policy.ts';
import { agentProtos } from '../steps/agent/agent-protos.ts';
import { agentSteps } from '../steps/agent/agent-steps.ts';
import { genpolicySteps } from '../steps/agent/genpolicy.ts';
import { containerd } from '../steps/containerd.ts';
import { guestEtc } from '../steps/images/guest-etc.ts';
import { imageKeys } from '../steps/images/image-keys.ts';
import { images } from '../steps/images/images.ts';
import { passwordRegistry, registry } from '../steps/images/registry.ts';
import { registryStorage } from '../steps/images/registry-storage.ts';
import { signatures } from '../steps/images/signatures.ts';
import { kataInstallation } from '../steps/kata/kata-installation.ts';
import { kubernetes } from '../steps/kata/kubernetes.ts';
import { kbsSteps } from '../steps/kbs.ts';
import { packages } from '../steps/packages.ts';
import { vsock } from '../steps/qemu/vsock.ts';
import { machineSteps } from '../steps/vm/guest-machine.ts';
import { guestMemory } from '../steps/vm/guest-memory.ts';
import { measuredSteps } from '../steps/vm/measured-image.ts';
import { template } from '../steps/vm/template.ts';

/** The steps whose results describe a target, and the steps that check it. */
export function targetSteps(config: ResolvedConfig): readonly Step[] {
  return [
    ...stepsOf(config),
    ...(config.protos === undefined ? [] : [agentProtos]),
    ...(config.policy === undefined ? [] : [agentPolicy]),
  ];
}

function stepsOf(config: ResolvedConfig): readonly Step[] {
  const common = [...COMMON, ...agentCtlSteps(config), ...genpolicySteps(config)];
  switch (config.target) {
    case 'local':
      return [...common, ...agentSteps(config), containerd];
    case 'vm':
      return [
        ...common,
        ...agentSteps(config),
        ...kbsSteps(config),
        vsock,
        guestMemory,
        ...machineSteps(config),
        ...measuredSteps(config),
        template,
      ];
    case 'kata':
      return [...common, kataInstallation, ...(config.cluster ? [kubernetes] : [])];
  }
}

/** Steps of every target: test images and the registries that serve them. */
const COMMON: readonly Step[] = [
  ...[packages, images, imageKeys, signatures],
  ...[registryStorage, guestEtc, registry, passwordRegistry],
];
