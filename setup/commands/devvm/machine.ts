import { spawn } from 'node:child_process';
import { mkdir, open, readFile, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import { HarnessError, TimeoutError } from '../../../helpers/errors.ts';
import { fileExists, readIfThere } from '../../../helpers/files.ts';
import { poll } from '../../../helpers/poll.ts';
import { ExecError, minimalEnv, run } from '../../../helpers/process/exec.ts';
import { identify, isAlive, type ProcessIdentity } from '../../../helpers/process/process.ts';
import { RUN_LABEL } from '../../../helpers/process/run-label.ts';
import { forwardedPort } from '../../../helpers/qemu/forwarded-port.ts';
import { Qmp } from '../../../helpers/qemu/qmp.ts';
import type { Config } from '../../config/validated.ts';
import { projectPath } from '../../project.ts';
import { devVmArguments, SSH } from './argv.ts';
import type { DebianVersion } from './debian.ts';
import { type DevVmImage, devVmFiles } from './image.ts';

/**
 * Directory of the running dev VM's state. The path is short, because the directory contains sockets; and it is outside
 * the run directories, because a dev VM outlives runs.
 */
const STATE_DIR = '/run/kata-cc-devvm';
const STATE = join(STATE_DIR, 'state.json');
const CONSOLE_LOG = join(STATE_DIR, 'console.log');
const QMP = join(STATE_DIR, 'qmp.sock');

/** Maximum memory of the dev VM in MiB: enough for a Kubernetes node and a few sandboxes. */
const MOST_MEMORY_MIB = 8_192;

const BOOT_TIMEOUT_MS = 480_000;
const DOWN_TIMEOUT_MS = 30_000;
const QMP_TIMEOUT_MS = 2_000;
const SSH_TIMEOUT_S = 5;

/** The dev VM's hardware; a snapshot continues only on the hardware with which it was saved. */
export interface Hardware {
  readonly accelerator: 'kvm' | 'tcg';
  readonly cpus: number;
  readonly memoryMib: number;
  /** Directory of the dev VM's image artefact. */
  readonly image: string;
  /** Version of the image's Debian. */
  readonly debian: DebianVersion;
  /** Whether an emulated processor has XSAVE; absent for one without. */
  readonly xsave?: true;
}

/** A running dev VM. */
export interface DevVm {
  readonly process: ProcessIdentity;
  /** Port of the dev VM's ssh on loopback; 0 until QEMU has reported the port. */
  readonly sshPort: number;
  readonly key: string;
  /** Unix socket of the dev VM's QMP. */
  readonly qmp: string;
  /** Path of the qcow2 image with the dev VM's changes. */
  readonly disk: string;
  readonly hardware: Hardware;
  /** Whether the dev VM has run a command yet; false while it boots. */
  readonly answered: boolean;
}

/** Options of {@link startDevVm}. */
export interface StartOptions {
  readonly hardware: Hardware;
  /** Path of the dev VM's qcow2 image; created on top of the base image if it does not exist. */
  readonly disk: string;
  readonly cacheDir: string;
  /** Name of the snapshot in the disk from which the dev VM continues. */
  readonly from?: string;
}

/** Whether a dev VM needs an emulated processor with XSAVE: Cloud Hypervisor starts no guest without (KVM_CAP_XCRS). */
export function needsXsave({
  accelerator,
  hypervisor,
}: Pick<Hardware, 'accelerator'> & Pick<Config, 'hypervisor'>): boolean {
  return accelerator === 'tcg' && hypervisor === 'clh';
}

/** The hardware of a dev VM on this machine. */
export function hardwareHere(
  { directory, system }: DevVmImage,
  accelerator: 'kvm' | 'tcg',
  { hypervisor }: Pick<Config, 'hypervisor'>,
): Hardware {
  const memoryMib = Math.min(MOST_MEMORY_MIB, Math.floor(totalmem() / 2 ** 21));
  const processor = needsXsave({ accelerator, hypervisor }) ? ({ xsave: true } as const) : {};
  return {
    accelerator,
    cpus: availableParallelism(),
    memoryMib,
    image: directory,
    debian: system.debian,
    ...processor,
  };
}

/** The dev VM running on this machine; `undefined` if there is none. */
export async function findDevVm(): Promise<DevVm | undefined> {
  if (!(await fileExists(STATE))) return undefined;
  const vm = JSON.parse(await readFile(STATE, 'utf8')) as DevVm;
  if (!(await isAlive(vm.process))) return undefined;
  // A dev VM that an earlier version of this project started does not say that it is Debian 12.
  return { ...vm, hardware: { ...vm.hardware, debian: vm.hardware.debian ?? '12' } };
}

/** Starts a dev VM and waits until it runs commands. The dev VM outlives this process. */
export async function startDevVm(options: StartOptions, signal?: AbortSignal): Promise<DevVm> {
  const { cacheDir, disk, from, hardware } = options;
  const image = devVmFiles(hardware.image);
  await rm(STATE_DIR, { recursive: true, force: true });
  await mkdir(STATE_DIR, { recursive: true, mode: 0o700 });
  if (await fileExists(disk)) await refuseForeign(disk, image.disk, signal);
  else {
    await mkdir(dirname(disk), { recursive: true, mode: 0o700 });
    await run(['qemu-img', 'create', '-q', '-f', 'qcow2', '-F', 'qcow2', '-b', image.disk, disk], { signal });
  }
  const qemu = devVmArguments({
    ...hardware,
    from,
    kernel: image.kernel,
    initrd: image.initrd,
    disk,
    shares: [
      { tag: 'project', path: projectPath('.') },
      { tag: 'cache', path: cacheDir },
      { tag: 'node', path: dirname(process.execPath) },
    ],
    sockets: { console: join(STATE_DIR, 'console.sock'), qmp: QMP },
    consoleLog: CONSOLE_LOG,
  });
  const pid = await detach(['nice', 'qemu-system-x86_64', ...qemu]);
  const started = await identify(pid);
  if (started === undefined) throw new HarnessError('devvm', `the dev VM ended immediately: ${await log()}`);
  const vm: DevVm = { process: started, sshPort: 0, key: image.key, qmp: QMP, disk, hardware, answered: false };
  await writeFile(STATE, JSON.stringify(vm));
  return untilAnswers(vm, signal);
}

/** Waits until a dev VM, started by this or another process, runs commands. */
export async function untilAnswers(vm: DevVm, signal?: AbortSignal): Promise<DevVm> {
  if (vm.answered) return vm;
  const unlessEnded = async <T>(what: string, probe: () => Promise<T>): Promise<T> => {
    const wait = { timeoutMs: BOOT_TIMEOUT_MS, intervalMs: 500, signal };
    const found = await poll(what, async () => ((await isAlive(vm.process)) ? { value: await probe() } : false), wait);
    if (!found) throw new HarnessError('devvm', `the dev VM ended while it started: ${await log()}`);
    return found.value;
  };
  const sshPort = await unlessEnded("QEMU's ssh port", async () => {
    await using qmp = await Qmp.connect(vm.qmp, { timeoutMs: QMP_TIMEOUT_MS, signal });
    return await forwardedPort(qmp, SSH);
  });
  const answered = { ...vm, sshPort, answered: true };
  await unlessEnded('the dev VM answering ssh', () =>
    run(sshCommand(answered, ['true']), { timeoutMs: SSH_TIMEOUT_S * 4_000, signal }),
  );
  await writeFile(STATE, JSON.stringify(answered));
  return answered;
}

/**
 * Throws for a dev VM's disk that was made from another image, an older one or one of another Debian: it rejects the current SSH key, so ssh would wait until
 * the timeout.
 */
async function refuseForeign(disk: string, image: string, signal: AbortSignal | undefined): Promise<void> {
  const { stdout } = await run(['qemu-img', 'info', '--force-share', '--output', 'json', disk], { signal });
  const { 'full-backing-filename': base } = JSON.parse(stdout) as { readonly 'full-backing-filename'?: string };
  if (base === image) return;
  const remedy = 'run `pnpm devvm down --discard`, which also deletes its snapshots; the next start creates a new disk';
  throw new HarnessError(
    'devvm',
    `the dev VM's disk was made from another image (an older one, or one of another Debian), ${base}: ${remedy}`,
  );
}

/** Stops a dev VM: powers off its system, then kills QEMU if necessary. The disk is kept. */
export async function stopDevVm(vm: DevVm): Promise<void> {
  await run(sshCommand(vm, ['systemctl', 'poweroff']), { timeoutMs: DOWN_TIMEOUT_MS }).catch((error: unknown) => {
    // ssh may fail although the dev VM powers off: the connection may close before ssh receives the exit status.
    if (!(error instanceof ExecError)) throw error;
  });
  // A dev VM that does not power off is killed.
  await untilGone(vm, 'the dev VM powering off').catch((error: unknown) => {
    if (!(error instanceof TimeoutError)) throw error;
  });
  await killDevVm(vm);
}

/** Kills a dev VM immediately, like a power failure. */
export async function killDevVm(vm: DevVm): Promise<void> {
  if (await isAlive(vm.process)) process.kill(vm.process.pid, 'SIGKILL');
  await untilGone(vm, 'the end of the dev VM');
  await rm(STATE_DIR, { recursive: true, force: true });
}

async function untilGone(vm: DevVm, what: string): Promise<void> {
  const gone = async (): Promise<true | undefined> => ((await isAlive(vm.process)) ? undefined : true);
  await poll(what, gone, { timeoutMs: DOWN_TIMEOUT_MS, intervalMs: 100 });
}

/** Closes the ssh connection that commands in the dev VM share. */
export async function hangUp(vm: DevVm): Promise<void> {
  const [program = '', ...flags] = sshCommand(vm, []);
  await run([program, '-O', 'exit', ...flags.slice(0, -1)], { okCodes: [0, 255] });
}

/**
 * The ssh command that runs a command in the dev VM, or a shell. `terminal` allocates a terminal for interactive use.
 */
export function sshCommand(vm: DevVm, command: readonly string[], terminal = false): string[] {
  const options = [
    ...[
      'StrictHostKeyChecking=no',
      'UserKnownHostsFile=/dev/null',
      'LogLevel=ERROR',
      `ConnectTimeout=${SSH_TIMEOUT_S}`,
    ],
    // All commands share one ssh connection: a key exchange takes seconds under software emulation.
    ...['ControlMaster=auto', `ControlPath=${join(STATE_DIR, 'ssh')}`, 'ControlPersist=600'],
  ];
  const flags = ['-i', vm.key, '-p', String(vm.sshPort), ...options.flatMap((option) => ['-o', option])];
  return ['ssh', terminal ? '-t' : '-T', ...flags, 'root@127.0.0.1', '--', ...command];
}

async function detach(command: readonly string[]): Promise<number> {
  const file = await open(join(STATE_DIR, 'qemu.log'), 'a', 0o600);
  try {
    const [program = '', ...args] = command;
    // The dev VM gets no run label, so that the cleanup of the run that starts it does not kill it.
    const { [RUN_LABEL]: _, ...env } = minimalEnv();
    const child = spawn(program, args, { detached: true, stdio: ['ignore', file.fd, file.fd], env });
    child.unref();
    await new Promise<void>((resolve, reject) => {
      child.once('spawn', resolve);
      child.once('error', reject);
    });
    return child.pid ?? -1;
  } finally {
    await file.close();
  }
}

async function log(): Promise<string> {
  const [qemu, console] = await Promise.all(
    [join(STATE_DIR, 'qemu.log'), CONSOLE_LOG].map(async (file) => (await readIfThere(file)) ?? ''),
  );
  return `${qemu}${console}`.trim().slice(-2_000) || 'no output';
}
