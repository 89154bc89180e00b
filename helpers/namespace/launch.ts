import { mkdir, readFile, realpath, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { defined } from '../defined.ts';
import { HarnessError } from '../errors.ts';
import { fileExists } from '../files.ts';
import { poll } from '../poll.ts';
import { type Daemon, logTail, spawnDaemon } from '../process/daemon.ts';
import { type Finished, type RunOptions, run } from '../process/exec.ts';
import { identify } from '../process/process.ts';
import { cgroupDirectories, createCgroup, removeCgroup } from './cgroup.ts';
import { type Bind, enterScript, initScript, type NamespaceLayout } from './script.ts';

/** Options of {@link launchNamespaced}: the command, and the layout that it sees. */
export interface NamespaceOptions extends NamespaceLayout {
  /**
   * Cgroup of the processes, below the root of every controller, for example `kata-cc/<run>/<guest>`. It is removed
   * with the processes.
   */
  readonly cgroup: string;
  /** Called once the cgroup exists, before the first process is in it. */
  readonly prepareCgroup?: (name: string) => Promise<void>;
  /**
   * The command to run, as a child of the namespace's pid 1 (a shell that reaps). A program with an absolute path
   * exists in the namespaces even if a private mount (/tmp, /dev/shm) or a separate file system hides its directory.
   */
  readonly command: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * A process tree in namespaces of its own. Disposing kills all of the tree's processes; the kernel then removes its
 * mounts.
 */
export interface Namespaced extends AsyncDisposable {
  readonly daemon: Daemon;
  /** Host pid of pid 1 in the inner pid namespace. */
  readonly initPid: number;
  /** Host path of the inner root directory. */
  readonly root: string;
  /** Runs a command in all of the process tree's namespaces. */
  run(command: readonly string[], options?: RunOptions): Promise<Finished>;
}

const START_TIMEOUT_MS = 10_000;
const GONE_TIMEOUT_MS = 5_000;

/**
 * Starts `command` in mount, pid, ipc, uts, network and cgroup namespaces of its own, on a temporary overlay of the
 * host's root. Needs root. When this process ends, the kernel kills the tree, and its mounts end with its mount
 * namespace; only `dir` and the (empty) cgroup remain, which `teardown` removes.
 */
export async function launchNamespaced(options: NamespaceOptions): Promise<Namespaced> {
  await using stack = new AsyncDisposableStack();
  stack.defer(() => rm(options.dir, { recursive: true, force: true }));
  await mkdir(join(options.dir, 'root'), { recursive: true, mode: 0o700 });
  stack.defer(() => removeCgroup(options.cgroup));
  await createCgroup(options.cgroup);
  await options.prepareCgroup?.(options.cgroup);

  const directories = await cgroupDirectories(options.cgroup);
  const layout = { ...options, binds: [...(await programBind(options)), ...(options.binds ?? [])] };
  const inner = ['sh', '-c', initScript(layout), 'init', ...options.command];
  const logFile = join(options.dir, 'console.log');
  const daemon = await spawnDaemon(['sh', '-c', enterScript(directories), 'enter', ...inner], {
    logFile,
    ...defined({ env: options.env }),
  });
  stack.defer(() => endTree(daemon));
  const initPid = await waitReady(daemon, options);
  stack.defer(async () => {
    await endTree(daemon);
    // Once pid 1 is a zombie, all other processes of its namespace have ended; another process may reap it later.
    await poll(`the end of process ${initPid}`, async () => ((await identify(initPid)) ? undefined : true), {
      timeoutMs: GONE_TIMEOUT_MS,
      intervalMs: 4,
    });
  });
  return new ProcessTree(daemon, initPid, stack.move());
}

/** Bind mount of the program to run at its own path, unless the layout already has a bind mount there. */
async function programBind({ binds = [], command: [program = ''] }: NamespaceOptions): Promise<readonly Bind[]> {
  const bound = binds.some(({ target }) => target === program);
  if (bound || !program.startsWith('/') || !(await fileExists(program))) return [];
  return [{ source: await realpath(program), target: program, readonly: true }];
}

async function waitReady(daemon: Daemon, options: NamespaceOptions): Promise<number> {
  const ready = join(options.dir, 'ready');
  const initPid = async (): Promise<number | 'ended' | undefined> => {
    if (daemon.exit !== undefined) return 'ended';
    return (await fileExists(ready)) ? firstChild(daemon.pid) : undefined;
  };
  const { timeoutMs = START_TIMEOUT_MS, signal } = options;
  const pid = await poll(`namespaces of ${options.hostname}`, initPid, { timeoutMs, intervalMs: 4, signal });
  if (pid !== 'ended') return pid;
  throw new CommandEnded(`${options.command[0]} in the namespaces of ${options.hostname}`, await logTail(daemon));
}

/** The command of new namespaces ended before they were ready. `said` is the end of the command's log. */
export class CommandEnded extends HarnessError {
  readonly said: string;

  constructor(what: string, said: string) {
    super('namespaces', `${what} ended: ${said || '(no output)'}`);
    this.said = said;
  }
}

/** Pid of the child of `unshare`; `undefined` once the child has ended, after which `unshare` ends too. */
async function firstChild(pid: number): Promise<number | undefined> {
  try {
    const child = Number.parseInt(await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8'), 10);
    return Number.isInteger(child) ? child : undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

async function endTree(daemon: Daemon): Promise<void> {
  // Killing `unshare` kills pid 1 of the namespace (--kill-child), and the kernel kills the rest.
  daemon.kill('SIGKILL');
  await daemon.exited;
}

class ProcessTree implements Namespaced {
  readonly daemon: Daemon;
  readonly initPid: number;
  readonly #stack: AsyncDisposableStack;

  constructor(daemon: Daemon, initPid: number, stack: AsyncDisposableStack) {
    this.daemon = daemon;
    this.initPid = initPid;
    this.#stack = stack;
  }

  get root(): string {
    return `/proc/${this.initPid}/root`;
  }

  run(command: readonly string[], options: RunOptions = {}): Promise<Finished> {
    const enter = ['nsenter', `--target=${this.initPid}`, '--mount', '--pid', '--ipc', '--uts', '--net', '--cgroup'];
    return run([...enter, '--', ...command], options);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#stack.disposeAsync();
  }
}
