import type { GuestMachine } from '../../../helpers/contract/target.ts';
import type { ResolvedConfig } from '../../config/resolve.ts';
import type { ArtefactStep, Step } from '../../step.ts';
import { isStandIn } from '../agent/agent-choice.ts';
import { kernel, readKernel } from '../kernel/kernel.ts';
import { acceleration, readAcceleration } from '../qemu/acceleration.ts';
import { initrd, initrdIn } from './initrd.ts';
import { layerIn } from './layer-image.ts';
import { cdhLayer, etcLayer, kataAgentLayer, standInLayer } from './layers.ts';
import { nodeLayer } from './node-layer.ts';
import { rootfs, rootfsIn } from './rootfs.ts';

type Result = <Out>(step: Step<Out>) => Out;

/** The parts of a guest's VM that set-up builds before the guest boots. */
export type Hardware = Omit<GuestMachine, 'template' | 'vsock' | 'memoryDir'>;

/** The steps whose results {@link assemble} uses. */
export function machineSteps(config: Chosen): readonly Step[] {
  return [kernel, initrd, acceleration, rootfs, nodeLayer, ...agentLayers(config), etcLayer];
}

type Chosen = Pick<ResolvedConfig, 'agent' | 'cdh'>;

/** The layers of the agent and of the CDH to which the agent delegates image pulls. */
function agentLayers(config: Chosen): readonly ArtefactStep[] {
  if (isStandIn(config)) return [standInLayer];
  return [...(config.cdh === undefined ? [] : [cdhLayer]), kataAgentLayer(config)];
}

/** Assembles the hardware of a guest's VM from the steps' results. */
export async function assemble(config: ResolvedConfig, result: Result): Promise<Hardware> {
  const nodeDisk = layerIn(result(nodeLayer));
  return {
    ...(await readAcceleration(result(acceleration))),
    kernel: await readKernel(result(kernel)),
    initrd: initrdIn(result(initrd)),
    disks: [
      rootfsIn(result(rootfs)),
      ...(isStandIn(config) ? [nodeDisk] : []),
      ...agentLayers(config).map((layer) => layerIn(result(layer))),
      layerIn(result(etcLayer)),
    ],
    nodeDisk,
    memoryMib: config.guestMemoryMib,
    cpus: config.guestCpus,
    // cgroup v1, as in upstream's guests of generation skopeo.
    cgroup: 1,
  };
}
