import { type ChildProcess, spawn } from 'node:child_process';
import { open, readFile } from 'node:fs/promises';
import { defined } from '../defined.ts';
import { HarnessError } from '../errors.ts';
import { commandLine, DIE_WITH_PARENT, minimalEnv } from './exec.ts';

/** How a long-running child process ended: exit code or signal. */
export interface Exit {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A long-running child process. Disposing ends it with SIGTERM, and with SIGKILL after `graceMs`. */
export interface Daemon extends AsyncDisposable {
  readonly pid: number;
  readonly command: readonly string[];
  /** File to which the daemon's stdout and stderr are appended. */
  readonly logFile: string;
  readonly exited: Promise<Exit>;
  /** How the daemon ended; `undefined` while it runs. */
  readonly exit: Exit | undefined;
  kill(signal: NodeJS.Signals): void;
}

export interface DaemonOptions {
  readonly logFile: string;
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly graceMs?: number;
}

const DEFAULT_GRACE_MS = 2_000;
/** In characters: an agent that refuses to start prints the reason and then two backtraces of some 2000 each. */
const LOG_TAIL = 8_000;

/**
 * Starts a child that runs until it is disposed or this process ends: the kernel then kills the child (`setpriv
 * --pdeathsig`). The child writes directly to `logFile`, so no output is lost if this process is slow or ends.
 */
export async function spawnDaemon(command: readonly string[], options: DaemonOptions): Promise<Daemon> {
  const log = await open(options.logFile, 'a', 0o600);
  const [file, ...args] = [...DIE_WITH_PARENT, ...command];
  try {
    const child = spawn(file, args, {
      ...defined({ cwd: options.cwd }),
      env: minimalEnv(options.env),
      stdio: ['ignore', log.fd, log.fd],
    });
    await new Promise<void>((resolve, reject) => {
      child.once('spawn', resolve);
      child.once('error', (cause) => {
        reject(new HarnessError('exec', `${command[0]} could not be started: ${commandLine(command)}`, { cause }));
      });
    });
    return new ChildDaemon(child, command, options);
  } finally {
    await log.close();
  }
}

/** The end of a daemon's log, for an error message. */
export async function logTail(daemon: Pick<Daemon, 'logFile'>): Promise<string> {
  const text = await readFile(daemon.logFile, 'utf8');
  return text.trimEnd().slice(-LOG_TAIL);
}

class ChildDaemon implements Daemon {
  readonly pid: number;
  readonly command: readonly string[];
  readonly logFile: string;
  readonly exited: Promise<Exit>;
  readonly #child: ChildProcess;
  readonly #graceMs: number;
  #exit: Exit | undefined;

  constructor(child: ChildProcess, command: readonly string[], options: DaemonOptions) {
    this.#child = child;
    this.pid = child.pid ?? -1;
    this.command = command;
    this.logFile = options.logFile;
    this.#graceMs = options.graceMs ?? DEFAULT_GRACE_MS;
    this.exited = new Promise((resolve) => {
      child.once('exit', (exitCode, signal) => {
        this.#exit = { exitCode, signal };
        resolve(this.#exit);
      });
    });
  }

  get exit(): Exit | undefined {
    return this.#exit;
  }

  kill(signal: NodeJS.Signals): void {
    if (this.#exit === undefined) this.#child.kill(signal);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#exit !== undefined) return;
    this.kill('SIGTERM');
    const force = setTimeout(() => this.kill('SIGKILL'), this.#graceMs);
    await this.exited;
    clearTimeout(force);
  }
}
