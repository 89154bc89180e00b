import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { VerityParameters } from '../../helpers/disk/verity.ts';
import { messageOf, ProvisionError } from '../../helpers/errors.ts';
import { fileExists, firstExecutable } from '../../helpers/files.ts';
import { GO_PROGRAMS } from '../../helpers/kata/go-programs.ts';
import type { GuestPull } from '../../helpers/kata/guest-pull.ts';
import { CLH_FILE, type KataHypervisor } from '../../helpers/kata/hypervisors.ts';
import { QEMU_FILE, QEMU_VIRTIOFSD } from '../../helpers/kata/qemu-scripts.ts';
import { type KataRuntime, RUNTIME_ON_HOST } from '../../helpers/kata/runtimes.ts';
import { run } from '../../helpers/process/exec.ts';
import { IMAGE_FILE, KERNEL_FILE } from '../steps/kata/kata-bundle.ts';
import { configureKata, guestCgroup, kataDropIn, readsDropIns } from './kata-config.ts';

/**
 * Directory of upstream's configurations: the general one, and the one of confidential containers without TEE hardware.
 */
const DEFAULTS = '/usr/share/defaults/kata-containers';
const CONFIGURATIONS: Readonly<Record<KataRuntime, Readonly<Record<'general' | 'guestPull', string>>>> = {
  go: {
    general: `${DEFAULTS}/configuration-qemu.toml`,
    guestPull: `${DEFAULTS}/configuration-qemu-coco-dev.toml`,
  },
  rs: {
    general: `${DEFAULTS}/runtime-rs/configuration-qemu-runtime-rs.toml`,
    guestPull: `${DEFAULTS}/runtime-rs/configuration-qemu-coco-dev-runtime-rs.toml`,
  },
};

/** Upstream's configuration for guests in Cloud Hypervisor, which are started by runtime-rs alone. */
const OF_CLH = `${DEFAULTS}/runtime-rs/configuration-clh-runtime-rs.toml`;

const VIRTIOFSD = ['/usr/lib/qemu/virtiofsd', '/usr/libexec/virtiofsd', '/usr/libexec/kata-qemu/virtiofsd'];
/** Kernel parameter that keeps the agent from starting guest components: our init starts the CDH. */
const CDH_STARTED = 'agent.guest_components_procs=none';
const GUEST_MEMORY_MIB = 512;
/**
 * Upstream's kernel brings plugged memory online by itself: CONFIG_MEMORY_HOTPLUG_DEFAULT_ONLINE in
 * tools/packaging/kernel/configs/fragments/common/hotplug.conf. In others, the agent may look for it before the kernel has it.
 */
const MEMORY_ONLINE = 'memhp_default_state=online';

/** Name of this project's drop-in; it sorts after other drop-ins, so Kata reads it last. */
const DROP_IN = '90-kata-cc-suite.toml';

/** Properties of the installed Kata on which its configuration depends. */
export interface InstalledKata {
  readonly runtime: KataRuntime;
  /** The hypervisor of its guests. */
  readonly hypervisor: KataHypervisor;
  /** Whether QEMU comes from the Kata install bundle. */
  readonly builtQemu: boolean;
  /** How guests that pull their images learn of them; `undefined` for other guests. */
  readonly guestPull: GuestPull | undefined;
  /** Parameters of the guest image's hash tree; `undefined` if dm-verity does not measure it. */
  readonly verity: VerityParameters | undefined;
}

/** The runtime that is installed on this machine, by the configurations that it brings along; both have the same shim's path. */
export async function installedRuntime(): Promise<KataRuntime> {
  const { go, rs } = CONFIGURATIONS;
  return (await fileExists(rs.general)) && !(await fileExists(go.general)) ? 'rs' : 'go';
}

/**
 * Kata's configuration on this machine: files by path. The result is a drop-in for upstream's file if the installed
 * Kata reads drop-ins, else the edited upstream file. `parameters` are added to the guest's kernel command line.
 */
export async function kataConfiguration(
  parameters: readonly string[],
  { builtQemu, guestPull, hypervisor, runtime, verity }: InstalledKata,
): Promise<ReadonlyMap<string, string>> {
  const { configuration, dropIns } = RUNTIME_ON_HOST[runtime];
  const file =
    hypervisor === 'clh' ? OF_CLH : CONFIGURATIONS[runtime][guestPull === undefined ? 'general' : 'guestPull'];
  const upstream = await readFile(file, 'utf8');
  const virtiofsd = await firstExecutable(builtQemu ? [QEMU_VIRTIOFSD, ...VIRTIOFSD] : VIRTIOFSD);
  const qemu = builtQemu ? QEMU_FILE : '/usr/bin/qemu-system-x86_64';
  const options = {
    runtime,
    hypervisor,
    program: hypervisor === 'clh' ? CLH_FILE : qemu,
    virtiofsd: virtiofsd ?? '/usr/libexec/virtiofsd',
    kernel: KERNEL_FILE,
    image: IMAGE_FILE,
    kernelParameters: [
      ...guestCgroup(upstream, hypervisor),
      MEMORY_ONLINE,
      ...(guestPull === undefined ? [] : [CDH_STARTED]),
      ...parameters,
    ],
    memoryMib: GUEST_MEMORY_MIB,
    debug: 'agent',
    guestPull,
    verity,
  } as const;
  // Every runtime-rs reads drop-ins.
  const dropIn = runtime === 'rs' || readsDropIns((await run([GO_PROGRAMS.runtime, '--version'])).stdout);
  try {
    if (!dropIn) return new Map([[configuration, configureKata(upstream, options)]]);
    return new Map([
      [configuration, upstream],
      [join(dropIns, DROP_IN), kataDropIn(upstream, options)],
    ]);
  } catch (cause) {
    throw new ProvisionError('kata', `${file}: ${messageOf(cause)}`, { cause });
  }
}
