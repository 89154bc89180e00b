import { ProvisionError } from '../../helpers/errors.ts';
import { editToml, type TomlEdit, tomlOverlay } from '../../helpers/toml/edit.ts';
import { atLeast } from '../../helpers/version.ts';

/** How Kata is to be configured on this machine. */
export interface KataConfigOptions {
  /** Paths of QEMU and of virtiofsd, the C or the Rust one. */
  readonly qemu: string;
  readonly virtiofsd: string;
  /** Paths of the guest's kernel and image. */
  readonly kernel: string;
  readonly image: string;
  /** Added to the guest's kernel command line. */
  readonly kernelParameters: readonly string[];
  readonly memoryMib: number;
  /** Runtime and agent say more; with `hypervisor`, the guest's console goes to the runtime's log and to nobody else. */
  readonly debug: 'agent' | 'hypervisor';
  /** Whatever image a container is of, its guest pulls it; nothing of the host's file systems is shown to the guest. */
  readonly guestPull: boolean;
}

/** Emulated, a guest may take minutes to start, or to pull, when others want the processor too. */
const TIMEOUT_S = 240;

const HYPERVISOR = ['hypervisor', 'qemu'] as const;

/** Besides what upstream's configuration for confidential guests says already. */
const GUEST_PULL: readonly TomlEdit[] = [
  { path: ['runtime', 'experimental_force_guest_pull'], value: true },
  { path: ['runtime', 'create_container_timeout'], value: TIMEOUT_S },
  { path: ['agent', 'kata', 'cdh_api_timeout'], value: TIMEOUT_S },
];

/** Upstream's configuration.toml made to start from an image on a virtio disk, with a debug console; every comment stays. */
export function configureKata(text: string, options: KataConfigOptions): string {
  return editToml(text, edits(options));
}

/** The same, as a file that Kata lays over upstream's. */
export function kataDropIn(text: string, options: KataConfigOptions): string {
  return tomlOverlay(text, edits(options));
}

/** Kata reads drop-ins from then on. Source: katautils' config.go. */
const FIRST_WITH_DROP_INS = '2.5.0';

/** Whether a Kata reads drop-ins, by what `kata-runtime --version` says. */
export function readsDropIns(said: string): boolean {
  const version = /^kata-runtime\s*:\s*(\d+\.\d+\.\d+)/m.exec(said)?.[1];
  if (version === undefined) throw new ProvisionError('kata', `kata-runtime --version says ${JSON.stringify(said)}`);
  return atLeast(version, FIRST_WITH_DROP_INS);
}

/** `optional` are settings that came or went between generations. */
function edits(options: KataConfigOptions): readonly TomlEdit[] {
  const { debug, guestPull, image, kernel, kernelParameters, memoryMib, qemu, virtiofsd } = options;
  const set = (key: string, value: TomlEdit['value'], optional?: true): TomlEdit => ({
    path: [...HYPERVISOR, key],
    value,
    ...(optional ? { optional } : {}),
  });
  return [
    set('path', qemu),
    set('valid_hypervisor_paths', [qemu], true),
    set('kernel', kernel),
    set('image', image),
    // An initrd beside an image is an error, and the image is what carries policy and keys.
    set('initrd', undefined),
    set('disable_image_nvdimm', true),
    set('virtio_fs_daemon', virtiofsd),
    set('valid_virtio_fs_daemon_paths', [virtiofsd], true),
    set('default_memory', memoryMib),
    set('enable_annotations', ['kernel_params'], true),
    set('kernel_params', (now) => addParameters(now, kernelParameters)),
    set('enable_debug', debug === 'hypervisor' ? true : undefined),
    { path: ['agent', 'kata', 'enable_debug'], value: true },
    { path: ['agent', 'kata', 'debug_console_enabled'], value: true },
    { path: ['agent', 'kata', 'dial_timeout'], value: TIMEOUT_S, optional: true },
    { path: ['runtime', 'enable_debug'], value: true },
    ...(guestPull ? [set('shared_fs', 'none'), ...GUEST_PULL] : []),
  ];
}

/** What is there stays as it is, blanks in quotes included; each of ours is added once, however often this is done. */
function addParameters(now: unknown, wanted: readonly string[]): string {
  if (now !== undefined && typeof now !== 'string') {
    throw new ProvisionError('kata', `kernel_params = ${JSON.stringify(now)}: expected a string`);
  }
  const present = new Set(now?.split(/\s+/));
  return [now?.trim() ?? '', ...wanted.filter((parameter) => !present.has(parameter))].filter(Boolean).join(' ');
}
