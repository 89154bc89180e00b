import type { GuestMachine } from '../../helpers/target.ts';
import type { Settled } from '../settle.ts';
import type { ArtefactStep, Step } from '../step.ts';
import { acceleration, readAcceleration } from './acceleration.ts';
import { isStandIn } from './agent-choice.ts';
import { initrd, initrdIn } from './initrd.ts';
import { kernel, readKernel } from './kernel.ts';
import { layerIn } from './layer-image.ts';
import { dataHubLayer, etcLayer, kataAgentLayer, standInLayer } from './layers.ts';
import { nodeLayer } from './node-layer.ts';
import { rootfs, rootfsIn } from './rootfs.ts';

type Result = <Out>(step: Step<Out>) => Out;

/** Everything of a guest's machine that is made before one is booted. */
export type Hardware = Omit<GuestMachine, 'template' | 'vsock' | 'memoryDir'>;

/** The steps {@link assemble} wants the results of. */
export function machineSteps(config: Chosen): readonly Step[] {
  return [kernel, initrd, acceleration, rootfs, nodeLayer, ...agentLayers(config), etcLayer];
}

type Chosen = Pick<Settled, 'agent' | 'dataHub'>;

/** The agent, and whom it leaves pulling to. */
function agentLayers(config: Chosen): readonly ArtefactStep[] {
  if (isStandIn(config)) return [standInLayer];
  return [...(config.dataHub === undefined ? [] : [dataHubLayer]), kataAgentLayer(config)];
}

/** Puts together what the steps made. */
export async function assemble(config: Settled, result: Result): Promise<Hardware> {
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
    // What upstream's guests of this generation have.
    cgroup: 1,
  };
}
