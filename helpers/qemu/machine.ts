import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { HarnessError } from '../errors.ts';
import { type Daemon, logTail, spawnDaemon } from '../process/daemon.ts';
import type { Address } from '../vsock/address.ts';
import { QEMU, qemuArguments, vsockProperties } from './argv.ts';
import { Qmp } from './qmp.ts';
import { copyMemory, restore, type Template } from './template.ts';
import { type VmConfig, VSOCK_ID } from './vm-config.ts';
import { cidIsTaken, openVsock, type VsockBackend, type VsockProvider } from './vsock-backend.ts';

/** Options of {@link launchMachine}. */
export interface MachineOptions
  extends Pick<
    VmConfig,
    'accelerator' | 'commandLine' | 'cpus' | 'disks' | 'forwards' | 'hotPlug' | 'initrd' | 'kernel' | 'memoryMib'
  > {
  /** Directory of this VM alone; a short path, since it contains unix sockets. It is removed on disposal. */
  readonly dir: string;
  /**
   * Backend of the VM's vsock device; absent for a VM without vsock, such as the one from which a template is saved.
   */
  readonly vsock?: VsockProvider;
  /** VM template to clone instead of booting; the other options must be those of the template. */
  readonly template?: Template;
  /**
   * File for the guest's memory. For a template, the file becomes part of it; for a clone, the file is a copy of the
   * template's memory until QEMU has opened it. It should be below /dev/shm, so that nothing is written to a disk.
   */
  readonly memoryFile?: string;
  readonly signal?: AbortSignal | undefined;
}

/** A running VM. Disposing ends its QEMU. */
export interface Machine extends AsyncDisposable {
  readonly qmp: Qmp;
  readonly qemu: Daemon;
  readonly consoleLog: string;
  /** Unix socket of the VM's serial console. */
  readonly consoleSocket: string;
  /** Start time of the VM's QEMU, as of `performance.now()`. */
  readonly startedAt: number;
  /** Address of a guest's vsock port. Throws if the VM has no vsock. */
  at(port: number): Address;
  /** Whether the guest's vsock ports accept connections yet; see {@link VsockBackend}. */
  connectable(): Promise<boolean>;
}

const QMP_TIMEOUT_MS = 10_000;
const CID_TRIES = 5;

/**
 * Starts QEMU and the backend of the guest's vsock. Returns when the VM runs, which is long before the guest has booted.
 * Both processes die with this one. Rejects with a {@link HarnessError} `qemu` that quotes QEMU's log.
 */
export async function launchMachine(options: MachineOptions): Promise<Machine> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await launchOnce(options);
    } catch (error) {
      const retry = error instanceof HarnessError && cidIsTaken(error.message) && tries < CID_TRIES;
      if (!retry) throw error;
    }
  }
}

async function launchOnce(options: MachineOptions): Promise<Machine> {
  const { dir, memoryFile, signal, template, vsock: provider, ...hardware } = options;
  await using stack = new AsyncDisposableStack();
  stack.defer(() => rm(dir, { recursive: true, force: true }));
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const vsock = provider && stack.use(await openVsock(provider, dir, signal));
  if (template && memoryFile !== undefined) {
    stack.defer(() => rm(memoryFile, { force: true }));
    await copyMemory(template, memoryFile);
  }

  const sockets = { console: join(dir, 'console.sock'), qmp: join(dir, 'qmp.sock') };
  const consoleLog = join(dir, 'console.log');
  const config: VmConfig = {
    ...hardware,
    sockets,
    consoleLog,
    forwardLog: join(dir, 'forward.log'),
    memory: memoryFile !== undefined ? { kind: 'file', path: memoryFile } : { kind: provider ? 'shared' : 'anonymous' },
    // A clone's vsock device is hot-plugged later: the template's saved state has none.
    ...(vsock && !template ? { vsock: vsock.device } : {}),
    ...(template ? { incoming: true as const } : {}),
  };
  const startedAt = performance.now();
  const qemu = stack.use(await spawnDaemon([QEMU, ...qemuArguments(config)], { logFile: join(dir, 'qemu.log') }));
  const qmp = stack.use(await connect(qemu, sockets.qmp, signal));
  if (template) {
    await restore(qmp, template);
    // The memory file is unlinked, since QEMU has it open: it cannot leak if this process is killed.
    if (memoryFile !== undefined) await rm(memoryFile, { force: true });
    if (vsock) await plugIn(qmp, vsock);
  }
  const owned = stack.move();
  const ownVsock = (): VsockBackend => {
    if (vsock === undefined) throw new HarnessError('qemu', 'this VM was started without vsock');
    return vsock;
  };
  return {
    qmp,
    qemu,
    consoleLog,
    consoleSocket: sockets.console,
    startedAt,
    at: (port) => ownVsock().at(port),
    connectable: async () => ownVsock().connectable(),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

async function connect(qemu: Daemon, path: string, signal: AbortSignal | undefined): Promise<Qmp> {
  const ended = new AbortController();
  const stop = signal ? AbortSignal.any([ended.signal, signal]) : ended.signal;
  void qemu.exited.then(({ exitCode, signal: by }) => {
    ended.abort(new HarnessError('qemu', `QEMU ended with ${exitCode ?? by} at once`));
  });
  try {
    return await Qmp.connect(path, { timeoutMs: QMP_TIMEOUT_MS, signal: stop });
  } catch (cause) {
    signal?.throwIfAborted();
    throw new HarnessError('qemu', `QEMU did not start: ${(await logTail(qemu)) || 'its log is empty'}`, { cause });
  }
}

async function plugIn(qmp: Qmp, { device }: VsockBackend): Promise<void> {
  if (device.kind === 'vhost-user') {
    const address = { type: 'unix', data: { path: device.socket } };
    await qmp.execute('chardev-add', {
      id: VSOCK_ID,
      backend: { type: 'socket', data: { addr: address, server: false } },
    });
  }
  await qmp.execute('device_add', vsockProperties(device));
}
