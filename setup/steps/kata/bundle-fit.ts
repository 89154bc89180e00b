import { basename } from 'node:path';
import { isThere } from '../../../helpers/files.ts';
import { HYPERVISOR_ON_HOST } from '../../../helpers/kata/hypervisors.ts';
import { RUNTIME_ON_HOST } from '../../../helpers/kata/runtimes.ts';
import type { Config } from '../../config/validated.ts';
import { hypervisorOf, type KataBundle, runtimeOf } from './kata-bundle.ts';

type Settings = Pick<
  Config,
  | 'bundle'
  | 'cdh'
  | 'containerd'
  | 'guestComponents'
  | 'hypervisor'
  | 'kbs'
  | 'measuredRootfs'
  | 'pull'
  | 'qemu'
  | 'runtime'
>;

/** Which part of a Kata install bundle is missing, as in one of which only the description was copied; `undefined` if none is. */
export async function missingPart({ agent, root }: Pick<KataBundle, 'agent' | 'root'>): Promise<string | undefined> {
  for (const path of [root, agent.path]) if (!(await isThere(path))) return basename(path);
  return undefined;
}

/** Why a Kata install bundle does not fit a configuration; `undefined` if it does. */
export function whyUnfit(bundle: KataBundle, config: Settings): string | undefined {
  const { name } = RUNTIME_ON_HOST[runtimeOf(bundle)];
  if (config.runtime !== 'auto' && config.runtime !== runtimeOf(bundle)) {
    return `KATA_RUNTIME=${config.runtime}: the bundle has ${name}`;
  }
  if (config.hypervisor !== hypervisorOf(bundle)) {
    return `KATA_HYPERVISOR=${config.hypervisor}: the bundle has ${HYPERVISOR_ON_HOST[hypervisorOf(bundle)].name}`;
  }
  if (config.qemu === 'source' && bundle.qemu === undefined) return 'KATA_QEMU=source: the bundle has no QEMU';
  if (config.cdh !== undefined && !bundle.cdh) return 'KATA_CDH: the bundle has no CDH';
  if (config.guestComponents !== undefined && !bundle.guestComponents) {
    return 'KATA_GUEST_COMPONENTS: the bundle has no attestation-agent and api-server-rest';
  }
  if (config.measuredRootfs && bundle.verity === undefined) {
    return 'KATA_MEASURED_ROOTFS=yes: the image of the bundle has no hash tree';
  }
  if (bundle.verity !== undefined && !bundle.cdh) {
    return 'KATA_MEASURED_ROOTFS=yes: only upstream’s configuration for guests with a CDH (KATA_CDH) has kernel_verity_params';
  }
  if (config.containerd === 'source' && bundle.containerd === undefined) {
    return 'KATA_CONTAINERD=source: the bundle has no containerd';
  }
  const pull = whyNoPull(bundle, config);
  if (pull !== undefined) return pull;
  if (config.kbs !== undefined && bundle.kbs === undefined) return 'KATA_KBS: the bundle has no KBS';
  return undefined;
}

/** Why the guests of a bundle cannot pull in the configured way; `undefined` if they can. */
function whyNoPull({ cdh, nydus }: KataBundle, { bundle, pull }: Settings): string | undefined {
  if (pull === undefined) return undefined;
  if (!cdh) return `KATA_PULL=${pull}: the bundle has no CDH`;
  return pull === 'nydus' && bundle !== undefined && nydus === undefined
    ? 'KATA_PULL=nydus: the bundle has no nydus-snapshotter'
    : undefined;
}
