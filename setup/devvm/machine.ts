import { spawn } from 'node:child_process';
import { mkdir, open, readFile, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import { HarnessError, TimeoutError } from '../../helpers/errors.ts';
import { ExecError, minimalEnv, run } from '../../helpers/exec.ts';
import { fileExists, readIfThere } from '../../helpers/files.ts';
import { RUN_LABEL } from '../../helpers/label.ts';
import { poll } from '../../helpers/poll.ts';
import { identify, isAlive, type ProcessIdentity } from '../../helpers/process.ts';
import { forwardedPort } from '../../helpers/qemu/forwarded-port.ts';
import { Qmp } from '../../helpers/qemu/qmp.ts';
import { projectPath } from '../steps/project.ts';
import { devVmArguments, SSH } from './argv.ts';
import { devVmFiles } from './image.ts';

/** Short: sockets live there. Not among the directories of runs: a dev VM outlives them. */
const STATE_DIR = '/run/kata-cc-devvm';
const STATE = join(STATE_DIR, 'state.json');
const CONSOLE_LOG = join(STATE_DIR, 'console.log');
const QMP = join(STATE_DIR, 'qmp.sock');

/** Enough for a Kubernetes node and a few sandboxes. */
const MOST_MEMORY_MIB = 8_192;

const BOOT_TIMEOUT_MS = 480_000;
const DOWN_TIMEOUT_MS = 30_000;
const QMP_TIMEOUT_MS = 2_000;
const SSH_TIMEOUT_S = 5;

/** What a dev VM is made of: one that was saved goes on in no other. */
export interface Hardware {
  readonly accelerator: 'kvm' | 'tcg';
  readonly cpus: number;
  readonly memoryMib: number;
  /** Directory of the image it was made from. */
  readonly image: string;
}

/** A dev VM that runs. */
export interface DevVm {
  readonly process: ProcessIdentity;
  /** On loopback; 0 until QEMU was asked which one it has taken. */
  readonly sshPort: number;
  readonly key: string;
  /** Unix socket of QEMU's machine protocol. */
  readonly qmp: string;
  /** qcow2 with what it has written. */
  readonly disk: string;
  readonly hardware: Hardware;
  /** Whether it has taken a command yet; one that still boots has not. */
  readonly answered: boolean;
}

/** How a dev VM is started. */
export interface StartOptions {
  readonly hardware: Hardware;
  /** qcow2; made over the image when it is not there. */
  readonly disk: string;
  readonly cacheDir: string;
  /** Goes on from what was saved in the disk under this name. */
  readonly from?: string;
}

/** The hardware this machine can give a dev VM. */
export function hardwareHere(image: string, accelerator: 'kvm' | 'tcg'): Hardware {
  const memoryMib = Math.min(MOST_MEMORY_MIB, Math.floor(totalmem() / 2 ** 21));
  return { accelerator, cpus: availableParallelism(), memoryMib, image };
}

/** The dev VM that runs on this machine; `undefined` when none does. */
export async function findDevVm(): Promise<DevVm | undefined> {
  if (!(await fileExists(STATE))) return undefined;
  const vm = JSON.parse(await readFile(STATE, 'utf8')) as DevVm;
  return (await isAlive(vm.process)) ? vm : undefined;
}

/** Starts a dev VM and waits until it takes commands. It stays when we end. */
export async function startDevVm(options: StartOptions, signal?: AbortSignal): Promise<DevVm> {
  const { cacheDir, disk, from, hardware } = options;
  const image = devVmFiles(hardware.image);
  await rm(STATE_DIR, { recursive: true, force: true });
  await mkdir(STATE_DIR, { recursive: true, mode: 0o700 });
  if (await fileExists(disk)) await refuseForeign(disk, image.disk, signal);
  else {
    await mkdir(dirname(disk), { recursive: true, mode: 0o700 });
    await run(['qemu-img', 'create', '-q', '-f', 'qcow2', '-F', 'raw', '-b', image.disk, disk], { signal });
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
  if (started === undefined) throw new HarnessError('devvm', `the dev VM ended at once: ${await log()}`);
  const vm: DevVm = { process: started, sshPort: 0, key: image.key, qmp: QMP, disk, hardware, answered: false };
  await writeFile(STATE, JSON.stringify(vm));
  return untilAnswers(vm, signal);
}

/** Waits until a dev VM takes commands, whoever has started it. */
export async function untilAnswers(vm: DevVm, signal?: AbortSignal): Promise<DevVm> {
  if (vm.answered) return vm;
  const unlessEnded = async <T>(what: string, probe: () => Promise<T>): Promise<T> => {
    const wait = { timeoutMs: BOOT_TIMEOUT_MS, intervalMs: 500, signal };
    const found = await poll(what, async () => ((await isAlive(vm.process)) ? { value: await probe() } : false), wait);
    if (!found) throw new HarnessError('devvm', `the dev VM ended while it started: ${await log()}`);
    return found.value;
  };
  const sshPort = await unlessEnded("QEMU's port of ssh", async () => {
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

/** A disk of an earlier image does not let in whoever has the key of this one: it would be waited for in vain. */
async function refuseForeign(disk: string, image: string, signal: AbortSignal | undefined): Promise<void> {
  const { stdout } = await run(['qemu-img', 'info', '--force-share', '--output', 'json', disk], { signal });
  const { 'full-backing-filename': base } = JSON.parse(stdout) as { readonly 'full-backing-filename'?: string };
  if (base === image) return;
  const remedy = '`pnpm devvm down --discard` and the next start makes it anew; what was saved in it goes too';
  throw new HarnessError('devvm', `the dev VM's disk was made from an earlier image of it, ${base}: ${remedy}`);
}

/** Ends a dev VM: its system is asked to power off, then QEMU is killed. Its disk stays. */
export async function stopDevVm(vm: DevVm): Promise<void> {
  await run(sshCommand(vm, ['systemctl', 'poweroff']), { timeoutMs: DOWN_TIMEOUT_MS }).catch((error: unknown) => {
    // The connection may go before the answer comes.
    if (!(error instanceof ExecError)) throw error;
  });
  // One that does not is killed.
  await untilGone(vm, 'the dev VM powering off').catch((error: unknown) => {
    if (!(error instanceof TimeoutError)) throw error;
  });
  await killDevVm(vm);
}

/** Ends a dev VM at once, as if its power went. */
export async function killDevVm(vm: DevVm): Promise<void> {
  if (await isAlive(vm.process)) process.kill(vm.process.pid, 'SIGKILL');
  await untilGone(vm, 'the end of the dev VM');
  await rm(STATE_DIR, { recursive: true, force: true });
}

async function untilGone(vm: DevVm, what: string): Promise<void> {
  const gone = async (): Promise<true | undefined> => ((await isAlive(vm.process)) ? undefined : true);
  await poll(what, gone, { timeoutMs: DOWN_TIMEOUT_MS, intervalMs: 100 });
}

/** Ends the connection that commands share. */
export async function hangUp(vm: DevVm): Promise<void> {
  const [program = '', ...flags] = sshCommand(vm, []);
  await run([program, '-O', 'exit', ...flags.slice(0, -1)], { okCodes: [0, 255] });
}

/** The command line that runs a command in the dev VM; without one, a shell. `terminal` when people sit at this end. */
export function sshCommand(vm: DevVm, command: readonly string[], terminal = false): string[] {
  const options = [
    ...[
      'StrictHostKeyChecking=no',
      'UserKnownHostsFile=/dev/null',
      'LogLevel=ERROR',
      `ConnectTimeout=${SSH_TIMEOUT_S}`,
    ],
    // One connection for all commands: key exchange takes an emulated processor seconds.
    ...['ControlMaster=auto', `ControlPath=${join(STATE_DIR, 'ssh')}`, 'ControlPersist=600'],
  ];
  const flags = ['-i', vm.key, '-p', String(vm.sshPort), ...options.flatMap((option) => ['-o', option])];
  return ['ssh', terminal ? '-t' : '-T', ...flags, 'root@127.0.0.1', '--', ...command];
}

async function detach(command: readonly string[]): Promise<number> {
  const file = await open(join(STATE_DIR, 'qemu.log'), 'a', 0o600);
  try {
    const [program = '', ...args] = command;
    // It outlives the run that starts it: whoever cleans up after that one leaves it alone.
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
  return `${qemu}${console}`.trim().slice(-2_000) || 'it said nothing';
}
