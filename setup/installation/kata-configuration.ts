import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { VerityParameters } from '../../helpers/disk/verity.ts';
import { messageOf, ProvisionError } from '../../helpers/errors.ts';
import { firstExecutable } from '../../helpers/files.ts';
import { KATA_CONFIGURATION, KATA_DROP_INS } from '../../helpers/kata/names.ts';
import { QEMU_FILE, QEMU_VIRTIOFSD } from '../../helpers/kata/qemu-scripts.ts';
import { run } from '../../helpers/process/exec.ts';
import { IMAGE_FILE, KERNEL_FILE } from '../steps/kata/kata-bundle.ts';
import { configureKata, kataDropIn, readsDropIns } from './kata-config.ts';

/**
 * Directory of upstream's configurations: the general one, and the one of confidential containers without TEE hardware.
 */
const DEFAULTS = '/usr/share/defaults/kata-containers';
const CONFIGURATIONS = {
  general: `${DEFAULTS}/configuration-qemu.toml`,
  guestPull: `${DEFAULTS}/configuration-qemu-coco-dev.toml`,
};

const VIRTIOFSD = ['/usr/lib/qemu/virtiofsd', '/usr/libexec/virtiofsd', '/usr/libexec/kata-qemu/virtiofsd'];
/**
 * Kernel parameters that give the guest cgroup v1, as in upstream's guests of generation skopeo: one for our init and
 * one for systemd.
 */
const KERNEL_PARAMETERS: readonly string[] = ['kata_cc.cgroup=1', 'systemd.unified_cgroup_hierarchy=0'];
/** Kernel parameter that keeps the agent from starting guest components: our init starts the CDH. */
const CDH_STARTED = 'agent.guest_components_procs=none';
const GUEST_MEMORY_MIB = 512;

const KATA_RUNTIME = '/usr/local/bin/kata-runtime';
/** Path of this project's drop-in; its name sorts after other drop-ins, so Kata reads it last. */
const DROP_IN = join(KATA_DROP_INS, '90-kata-cc-suite.toml');

/** Properties of the installed Kata on which its configuration depends. */
export interface InstalledKata {
  /** Whether QEMU comes from the Kata install bundle. */
  readonly builtQemu: boolean;
  readonly guestPull: boolean;
  /** Parameters of the guest image's hash tree; `undefined` if dm-verity does not measure it. */
  readonly verity: VerityParameters | undefined;
}

/**
 * Kata's configuration on this machine: files by path. The result is a drop-in for upstream's file if the installed
 * Kata reads drop-ins, else the edited upstream file. `parameters` are added to the guest's kernel command line.
 */
export async function kataConfiguration(
  parameters: readonly string[],
  { builtQemu, guestPull, verity }: InstalledKata,
): Promise<ReadonlyMap<string, string>> {
  const file = guestPull ? CONFIGURATIONS.guestPull : CONFIGURATIONS.general;
  const upstream = await readFile(file, 'utf8');
  const virtiofsd = await firstExecutable(builtQemu ? [QEMU_VIRTIOFSD, ...VIRTIOFSD] : VIRTIOFSD);
  const options = {
    qemu: builtQemu ? QEMU_FILE : '/usr/bin/qemu-system-x86_64',
    virtiofsd: virtiofsd ?? '/usr/libexec/virtiofsd',
    kernel: KERNEL_FILE,
    image: IMAGE_FILE,
    kernelParameters: [...KERNEL_PARAMETERS, ...(guestPull ? [CDH_STARTED] : []), ...parameters],
    memoryMib: GUEST_MEMORY_MIB,
    debug: 'agent',
    guestPull,
    verity,
  } as const;
  const { stdout } = await run([KATA_RUNTIME, '--version']);
  try {
    if (!readsDropIns(stdout)) return new Map([[KATA_CONFIGURATION, configureKata(upstream, options)]]);
    return new Map([
      [KATA_CONFIGURATION, upstream],
      [DROP_IN, kataDropIn(upstream, options)],
    ]);
  } catch (cause) {
    throw new ProvisionError('kata', `${file}: ${messageOf(cause)}`, { cause });
  }
}
