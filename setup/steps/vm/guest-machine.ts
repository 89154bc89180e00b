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

/** The parts of a guest's VM that its template has. */
export type TemplateHardware = Omit<Hardware, 'agentDisks' | 'nodeDisk'>;

type AgentSetting = Pick<ResolvedConfig, 'agent' | 'cdh' | 'guestComponents' | 'mutant'>;

/** The steps whose results {@link assemble} uses. */
export function machineSteps(config: AgentSetting): readonly Step[] {
  return [...templateSteps(config), nodeLayer, ...agentDiskSteps(config)];
}

/** The steps whose results {@link assembleTemplate} uses. */
export function templateSteps(config: AgentSetting): readonly Step[] {
  return [kernel, initrd, acceleration, ...layerSteps(config)];
}

/**
 * The steps that build the disks with the agent, with the CDH to which it delegates image pulls, and with the CDH's companions; later ones
 * are on top. The stand-in is a layer of the root file system instead: a template has it loaded, which takes longer than a clone's start.
 */
export function agentDiskSteps(config: AgentSetting): readonly ArtefactStep[] {
  if (isStandIn(config)) return [];
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
    ...(isStandIn(config) ? [standInLayer] : []),
    etcLayer,
  ];
}

type Results = Pick<StepContext, 'config' | 'result'>;

/** Assembles the hardware of a guest's VM from the steps' results. */
export function assemble(results: Results): Hardware {
  const { config, result } = results;
  return {
    ...assembleTemplate(results),
    agentDisks: agentDiskSteps(config).map(result),
    nodeDisk: result(nodeLayer),
  };
}

/** Assembles the hardware of a VM template from the steps' results. */
export function assembleTemplate({ config, result }: Results): TemplateHardware {
  const { directory: _, tree: __, ...guestKernel } = result(kernel);
  return {
    ...result(acceleration),
    kernel: guestKernel,
    initrd: result(initrd),
    disks: layerSteps(config).map(result),
    memoryMib: config.guestMemoryMib,
    cpus: config.guestCpus,
    // cgroup v1, as in upstream's guests of generation skopeo.
    cgroup: 1,
  };
}
