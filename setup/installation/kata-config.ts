import type { VerityParameters } from '../../helpers/disk/verity.ts';
import { ProvisionError } from '../../helpers/errors.ts';
import type { GuestPull } from '../../helpers/kata/guest-pull.ts';
import type { KataHypervisor } from '../../helpers/kata/hypervisors.ts';
import { kernelVerityParams } from '../../helpers/kata/kernel-root.ts';
import { type KataRuntime, RUNTIME_ON_HOST } from '../../helpers/kata/runtimes.ts';
import { editToml, type TomlEdit, tomlOverlay } from '../../helpers/text/toml-edit.ts';
import { parseToml, valueAt } from '../../helpers/text/toml-read.ts';
import { atLeast } from '../../helpers/text/version.ts';

/** Options of Kata's configuration. */
export interface KataConfigOptions {
  /** The runtime whose configuration it is. */
  readonly runtime: KataRuntime;
  /** The hypervisor of its guests. */
  readonly hypervisor: KataHypervisor;
  /** Path of the hypervisor's program. */
  readonly program: string;
  /** Path of virtiofsd, the C or the Rust one. */
  readonly virtiofsd: string;
  /** Path of the guest's kernel. */
  readonly kernel: string;
  /** Path of the guest image. */
  readonly image: string;
  /** Parameters to add to the guest's kernel command line. */
  readonly kernelParameters: readonly string[];
  readonly memoryMib: number;
  /**
   * Which debug logs are enabled: those of runtime and agent, or with `hypervisor` also the guest's console, which then
   * goes to the runtime's log and to no other client.
   */
  readonly debug: 'agent' | 'hypervisor';
  /** How the shim learns that the guest pulls every image itself, with no host file system shared with it; absent if it does not. */
  readonly guestPull?: GuestPull | undefined;
  /** Parameters of the image's hash tree, if dm-verity is to measure it. */
  readonly verity?: VerityParameters | undefined;
}

/**
 * Timeout in Kata's configuration, in seconds: under software emulation on a busy machine, a guest may take minutes to
 * start or to pull.
 */
const TIMEOUT_S = 240;

/** Settings of a VM that annotations of its sandbox may change; those of measured images are changed to show that dm-verity notices. */
const ANNOTATIONS = ['kernel_params', 'cc_init_data'] as const;
const MEASURED_ANNOTATIONS = ['kernel_verity_params', 'image'] as const;

/** Makes the edit that sets a key in the table of the hypervisor. */
type SetKey = (key: string, value: TomlEdit['value'], optional?: true) => TomlEdit;

/** Settings whose names or places the runtimes do not share. */
interface OfRuntime {
  /** Settings of every configuration. */
  readonly always: (set: SetKey) => readonly TomlEdit[];
  /** Settings added to upstream's configuration for confidential guests. */
  readonly guestPull: (set: SetKey) => readonly TomlEdit[];
  /** The setting by which the shim lets the guest pull every image, whatever containerd's snapshotter is. */
  readonly force: TomlEdit;
}

/** Source: docs/migrating-config-go-runtime-to-runtime-rs.md of Kata. */
const OF_RUNTIME: Readonly<Record<KataRuntime, OfRuntime>> = {
  go: {
    always: () => [],
    guestPull: () => [
      { path: ['runtime', 'create_container_timeout'], value: TIMEOUT_S },
      { path: ['agent', 'kata', 'cdh_api_timeout'], value: TIMEOUT_S },
    ],
    force: { path: ['runtime', 'experimental_force_guest_pull'], value: true },
  },
  rs: {
    always: (set) => [
      // The image is no NVDIMM, see disable_image_nvdimm, which runtime-rs has for other devices.
      set('vm_rootfs_driver', 'virtio-blk-pci'),
      { path: ['agent', 'kata', 'create_container_timeout'], value: TIMEOUT_S },
    ],
    guestPull: (set) => [
      // Upstream's disk of the CDH and the guest components, which this project has in the guest image; the shim starts no sandbox if the
      // disk's file does not exist.
      set('guest_extension_images', undefined),
      { path: ['agent', 'kata', 'cdh_api_timeout_ms'], value: TIMEOUT_S * 1_000 },
    ],
    force: { path: ['runtime', 'experimental'], value: ['force_guest_pull'] },
  },
};

/** How long an agent that starts the guest components itself waits for the socket of each. */
const LAUNCH_TIMEOUT: TomlEdit = {
  path: ['agent', 'kata', 'launch_process_timeout'],
  value: TIMEOUT_S,
  optional: true,
};

/**
 * Upstream's configuration.toml, edited to boot from an image on a virtio disk, with a debug console; keeps comments.
 */
export function configureKata(text: string, options: KataConfigOptions): string {
  return editToml(text, edits(options));
}

/** The settings of {@link configureKata} as a drop-in file for upstream's configuration. */
export function kataDropIn(text: string, options: KataConfigOptions): string {
  return tomlOverlay(text, edits(options));
}

/**
 * Kernel parameters, for our init and for systemd, that give the guest the cgroup hierarchy for which upstream's configuration is made.
 * Unless it disables version 1, as runtime-rs's does, that is version 1, as in upstream's guests of generation skopeo: with
 * neither, the agent panics when it creates a container.
 */
export function guestCgroup(text: string, hypervisor: KataHypervisor): readonly string[] {
  const parameters = valueAt(parseToml(text), ['hypervisor', hypervisor, 'kernel_params']);
  return typeof parameters === 'string' && parameters.includes('cgroup_no_v1=all')
    ? ['kata_cc.cgroup=2']
    : ['kata_cc.cgroup=1', 'systemd.unified_cgroup_hierarchy=0'];
}

/** First Kata version that reads drop-ins. Source: katautils' config.go. */
const FIRST_WITH_DROP_INS = '2.5.0';

/** Whether the installed Kata reads drop-ins, from the output of `kata-runtime --version`. */
export function readsDropIns(said: string): boolean {
  const version = /^kata-runtime\s*:\s*(\d+\.\d+\.\d+)/m.exec(said)?.[1];
  if (version === undefined) throw new ProvisionError('kata', `kata-runtime --version prints ${JSON.stringify(said)}`);
  return atLeast(version, FIRST_WITH_DROP_INS);
}

/** The edits of Kata's configuration. `optional` marks settings that only some generations have. */
function edits(options: KataConfigOptions): readonly TomlEdit[] {
  const { debug, guestPull, hypervisor, image, kernel, kernelParameters, memoryMib } = options;
  const { program, runtime, verity, virtiofsd } = options;
  const ofRuntime = OF_RUNTIME[runtime];
  const set: SetKey = (key, value, optional) => ({
    path: ['hypervisor', hypervisor, key],
    value,
    ...(optional ? { optional } : {}),
  });
  return [
    set('path', program),
    set('valid_hypervisor_paths', [program], true),
    set('kernel', kernel),
    set('image', image),
    // Kata rejects an initrd together with an image, and the guest's policy and keys are in the image, so the initrd is
    // removed.
    set('initrd', undefined),
    ...(hypervisor === 'qemu' ? [set('disable_image_nvdimm', true)] : []),
    set('virtio_fs_daemon', virtiofsd),
    set('valid_virtio_fs_daemon_paths', [virtiofsd], true),
    set('default_memory', memoryMib),
    set('enable_annotations', [...ANNOTATIONS, ...(verity === undefined ? [] : MEASURED_ANNOTATIONS)], true),
    set('kernel_params', (now) => addParameters(now, kernelParameters)),
    ...(verity === undefined ? [] : [set('kernel_verity_params', kernelVerityParams(verity))]),
    set('enable_debug', debug === 'hypervisor' ? true : undefined),
    { path: ['agent', 'kata', 'enable_debug'], value: true },
    { path: ['agent', 'kata', 'debug_console_enabled'], value: true },
    { ...RUNTIME_ON_HOST[runtime].dialTimeout(TIMEOUT_S * 1_000), optional: true },
    { path: ['runtime', 'enable_debug'], value: true },
    ...ofRuntime.always(set),
    ...(guestPull === 'force' ? [ofRuntime.force] : []),
    ...(guestPull === undefined ? [] : [set('shared_fs', 'none'), ...ofRuntime.guestPull(set), LAUNCH_TIMEOUT]),
  ];
}

/**
 * Appends kernel parameters to the current ones, unless they are present; existing text, including quoted blanks, is
 * kept.
 */
function addParameters(now: unknown, wanted: readonly string[]): string {
  if (now !== undefined && typeof now !== 'string') {
    throw new ProvisionError('kata', `kernel_params = ${JSON.stringify(now)}: expected a string`);
  }
  const present = new Set(now?.split(/\s+/));
  return [now?.trim() ?? '', ...wanted.filter((parameter) => !present.has(parameter))].filter(Boolean).join(' ');
}
