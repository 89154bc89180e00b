import { isCdhMutant } from '../../../helpers/contract/cdh-mutant.ts';
import type { GuestMachine } from '../../../helpers/contract/target.ts';
import type { ResolvedConfig } from '../../config/resolved.ts';
import type { ArtefactStep, Step, StepContext } from '../../step.ts';
import { isStandIn } from '../agent/agent-choice.ts';
import { kernel } from '../kernel/kernel.ts';
import { acceleration } from '../qemu/acceleration.ts';
import { cdhProxyLayer } from './cdh-proxy-layer.ts';
import { initrd } from './initrd.ts';
import { cdhLayer, etcLayer, guestComponentsLayer, kataAgentLayer, standInLayer } from './layers.ts';
import { nodeLayer } from './node-layer.ts';
import { rootfs } from './rootfs.ts';

/** The parts of a guest's VM that set-up builds before the guest boots. */
export type Hardware = Omit<GuestMachine, 'measuredImage' | 'memoryDir' | 'template' | 'vsock'>;

type AgentSetting = Pick<ResolvedConfig, 'agent' | 'cdh' | 'guestComponents' | 'mutant'>;

/** The steps whose results {@link assemble} uses. */
export function machineSteps(config: AgentSetting): readonly Step[] {
  return [kernel, initrd, acceleration, rootfs, nodeLayer, ...agentLayers(config), etcLayer];
}

/** The layers of the agent, of the CDH to which the agent delegates image pulls, and of the CDH's companions. */
function agentLayers(config: AgentSetting): readonly ArtefactStep[] {
  if (isStandIn(config)) return [standInLayer];
  return [
    ...(config.cdh === undefined ? [] : [cdhLayer]),
    ...(isCdhMutant(config.mutant) ? [cdhProxyLayer] : []),
    ...(config.guestComponents === undefined ? [] : [guestComponentsLayer]),
    kataAgentLayer,
  ];
}

/** The steps that build the layers of a guest's root file system, lowest layer first. */
export function layerSteps(config: AgentSetting): readonly ArtefactStep[] {
  return [
    rootfs,
    ...(isStandIn(config) || isCdhMutant(config.mutant) ? [nodeLayer] : []),
    ...agentLayers(config),
    etcLayer,
  ];
}

/** Assembles the hardware of a guest's VM from the steps' results. */
export function assemble({ config, result }: Pick<StepContext, 'config' | 'result'>): Hardware {
  const { directory: _, tree: __, ...guestKernel } = result(kernel);
  return {
    ...result(acceleration),
    kernel: guestKernel,
    initrd: result(initrd),
    disks: layerSteps(config).map(result),
    nodeDisk: result(nodeLayer),
    memoryMib: config.guestMemoryMib,
    cpus: config.guestCpus,
    // cgroup v1, as in upstream's guests of generation skopeo.
    cgroup: 1,
  };
}
