import { ProvisionError } from '../../helpers/errors.ts';
import { editToml, type TomlEdit, tomlOverlay } from '../../helpers/toml-edit.ts';
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

const HYPERVISOR = 'hypervisor.qemu';

/** Besides what upstream's configuration for confidential guests says already. */
const GUEST_PULL: readonly TomlEdit[] = [
  { section: 'runtime', key: 'experimental_force_guest_pull', value: true },
  { section: 'runtime', key: 'create_container_timeout', value: TIMEOUT_S },
  { section: 'agent.kata', key: 'cdh_api_timeout', value: TIMEOUT_S },
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
    section: HYPERVISOR,
    key,
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
    set('kernel_params', (now = '') => addParameters(now, kernelParameters)),
    set('enable_debug', debug === 'hypervisor' ? true : undefined),
    { section: 'agent.kata', key: 'enable_debug', value: true },
    { section: 'agent.kata', key: 'debug_console_enabled', value: true },
    { section: 'agent.kata', key: 'dial_timeout', value: TIMEOUT_S, optional: true },
    { section: 'runtime', key: 'enable_debug', value: true },
    ...(guestPull ? [set('shared_fs', 'none'), ...GUEST_PULL] : []),
  ];
}

/** Each parameter once, however often this is done. */
function addParameters(now: string, wanted: readonly string[]): string {
  const present = now.split(/\s+/).filter(Boolean);
  return [...present, ...wanted.filter((parameter) => !present.includes(parameter))].join(' ');
}
