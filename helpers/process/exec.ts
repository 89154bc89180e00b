import { basename } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { defined } from '../defined.ts';
import { HarnessError } from '../errors.ts';
import { credentialsIn, redactor } from '../text/secrets.ts';
import { whyNotStarted } from './interpreter.ts';
import { runLabel } from './run-label.ts';

/** Result of a finished command: output decoded as UTF-8, with the final newline. */
export interface Finished {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
}

/** Environment variables of a command by name. */
export type Environment = Readonly<Record<string, string>>;

export interface RunOptions {
  readonly cwd?: string;
  /**
   * Environment variables that are added to the minimal environment (`PATH`, `HOME`, `LANG`) of a command; nothing else
   * of this process's environment is passed on.
   */
  readonly env?: Environment;
  readonly input?: string | Uint8Array;
  /** Bytes that the command reads from its file descriptor 3. */
  readonly thirdInput?: Uint8Array;
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal | undefined;
  /**
   * Returns the command's stdout and stderr with one character per byte instead of decoding UTF-8, for names in other
   * encodings.
   */
  readonly bytes?: boolean;
  /** Exit codes of the command that are not an error; only 0 by default. */
  readonly okCodes?: readonly number[];
  /** Called with each line of the command's stdout as it arrives, without credentials from `env`. */
  readonly onLine?: (line: string) => void;
  /** The command that messages show, if a wrapper makes the one that runs too long to read. */
  readonly shownAs?: readonly string[];
}

/** Called with each command and each line that it prints; see {@link showCommands}. */
let show: ((line: string) => void) | undefined;

/** Shows all later commands of {@link run}: the command line, and each line of output as it arrives. */
export function showCommands(write: ((line: string) => void) | undefined): void {
  show = write;
}

const TAIL = 4_000;
const KILL_AFTER_MS = 2_000;

/**
 * A command that could not be started, was ended, or exited with an unexpected code. The message leads with the reason,
 * then the command line, then the tail of stderr and of stdout.
 */
export class ExecError extends HarnessError {
  readonly #reason: string;
  readonly command: readonly string[];
  readonly exitCode: number | undefined;
  readonly stdout: string;
  readonly stderr: string;

  constructor(reason: string, command: readonly string[], result: Partial<Finished>, options?: ErrorOptions) {
    const { stdout = '', stderr = '', exitCode } = result;
    const tails = [stderr, stdout].map((text) => text.trimEnd().slice(-TAIL)).filter((text) => text !== '');
    super('exec', [`${command[0]} ${reason}: ${commandLine(command)}`, ...tails].join('\n'), options);
    this.#reason = reason;
    this.command = command;
    this.exitCode = exitCode;
    this.stdout = stdout;
    this.stderr = stderr;
  }

  /** The same error with an explanation after the command's output. */
  explained(explanation: string): ExecError {
    const { cause, command, exitCode, stderr, stdout } = this;
    const explained = new ExecError(this.#reason, command, { stdout, stderr, ...defined({ exitCode }) }, { cause });
    explained.message += `\n${explanation}`;
    return explained;
  }
}

/** The command, quoted for a shell. */
export function commandLine(command: readonly string[]): string {
  return command.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`)).join(' ');
}

/**
 * The environment of all child processes: fixed except for the run's label, so that no secret of this process's
 * environment is passed on.
 */
export function minimalEnv(extra: Readonly<Record<string, string>> = {}): Record<string, string> {
  return {
    PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    HOME: '/root',
    LANG: 'C.UTF-8',
    ...runLabel(),
    ...extra,
  };
}

/**
 * Command prefix that makes the kernel kill the child when this process ends, for whatever reason. The command must be
 * on `PATH` or be an absolute path.
 */
export const DIE_WITH_PARENT = ['setpriv', '--pdeathsig', 'KILL', '--'] as const;

/**
 * Runs a command to its end. Rejects with {@link ExecError}. `signal` and `timeoutMs` end the command with SIGTERM,
 * then SIGKILL.
 */
export async function run(command: readonly string[], options: RunOptions = {}): Promise<Finished> {
  // execa is imported on first use: it takes longer to load than Node.js takes to start, and not every script runs a
  // command.
  const { execa } = await import('execa');
  const [file = '', ...args] = command;
  const child = execa(file, args, {
    ...defined({ cwd: options.cwd, timeout: options.timeoutMs, cancelSignal: options.signal }),
    ...(options.input === undefined ? {} : { input: options.input }),
    stdio: [
      options.input === undefined ? ('ignore' as const) : ('pipe' as const),
      ...(['pipe', 'pipe'] as const),
      ...(options.thirdInput === undefined ? [] : [options.thirdInput]),
    ],
    env: minimalEnv(options.env),
    extendEnv: false,
    forceKillAfterDelay: KILL_AFTER_MS,
    ...(options.bytes ? { encoding: 'latin1' as const } : {}),
    stripFinalNewline: false,
    reject: false,
  });
  const redact = withoutCredentials(options.env);
  const { onLine } = options;
  const write = show;
  if (onLine) createInterface({ input: child.stdout }).on('line', (line) => onLine(redact(line)));
  const shown = options.shownAs ?? command;
  if (write) showAsItRuns(shown, child, (line) => write(redact(line)));
  const result = await untilEnded(child, options);
  const finished = { stdout: result.stdout ?? '', stderr: result.stderr ?? '', exitCode: result.exitCode ?? -1 };
  const { letGo } = result;
  if (!letGo && result.exitCode !== undefined && (options.okCodes ?? [0]).includes(result.exitCode)) return finished;
  const reason =
    letGo && result.exitCode !== undefined
      ? `exited with ${result.exitCode}, but a process that it started keeps its output open`
      : result.timedOut
        ? `did not finish within ${options.timeoutMs} ms`
        : result.isCanceled
          ? 'was cancelled'
          : result.signal
            ? `was killed by ${result.signal}`
            : result.exitCode === undefined
              ? `could not be started (${(result.code === 'ENOENT' && whyNotStarted(file)) || result.originalMessage})`
              : `exited with ${result.exitCode}`;
  const said = { stdout: redact(finished.stdout), stderr: redact(finished.stderr), exitCode: finished.exitCode };
  throw new ExecError(reason, shown, said, { cause: result.cause });
}

/**
 * Waits for a command and for the end of its output. A process that the command leaves behind may keep the output open
 * for ever: some time after the timeout or abort, the output is closed and `letGo` is set.
 */
async function untilEnded<Result extends object>(
  child: PromiseLike<Result> & { readonly stdout: Readable; readonly stderr: Readable },
  { signal, timeoutMs }: Pick<RunOptions, 'signal' | 'timeoutMs'>,
): Promise<Result & { readonly letGo: boolean }> {
  let letGo = false;
  const timers: NodeJS.Timeout[] = [];
  const letGoIn = (ms: number): void => {
    timers.push(
      setTimeout(() => {
        letGo = true;
        for (const output of [child.stdout, child.stderr]) output.destroy();
      }, ms),
    );
  };
  // Twice the time after which execa kills the command: the output is closed after the kill.
  const aborted = (): void => letGoIn(2 * KILL_AFTER_MS);
  if (timeoutMs !== undefined) letGoIn(timeoutMs + 2 * KILL_AFTER_MS);
  if (signal?.aborted) aborted();
  signal?.addEventListener('abort', aborted, { once: true });
  try {
    return { ...(await child), letGo };
  } finally {
    signal?.removeEventListener('abort', aborted);
    for (const timer of timers) clearTimeout(timer);
  }
}

/** Returns a function that redacts credentials found in `env`: a program may print the URL of its proxy. */
function withoutCredentials(env: Environment = {}): (text: string) => string {
  const secrets = Object.values(env).flatMap(credentialsIn);
  return secrets.length === 0 ? (text) => text : redactor(secrets);
}

/** Prints each line under the name of its command, because several commands run at the same time. */
function showAsItRuns(
  command: readonly string[],
  streams: { readonly stdout: Readable; readonly stderr: Readable },
  write: (line: string) => void,
): void {
  const name = programOf(command);
  write(`${name}$ ${commandLine(command)}`);
  for (const input of [streams.stdout, streams.stderr]) {
    createInterface({ input }).on('line', (line) => write(`${name}| ${line}`));
  }
}

/** Programs that run another command, given after `--`. */
const WRAPPERS = ['setpriv', 'nsenter', 'unshare'];

/** Name of the program that a command runs, without wrappers such as setpriv. */
function programOf(command: readonly string[]): string {
  const [file = '', ...args] = command;
  const name = basename(file);
  const end = args.indexOf('--');
  if (WRAPPERS.includes(name) && end >= 0 && end + 1 < args.length) return programOf(args.slice(end + 1));
  // Matches the wrapper command `sh -c 'exec "$@" 2>&1' sh COMMAND`.
  if (name === 'sh' && args[1]?.startsWith('exec "$@"') && args.length > 3) return programOf(args.slice(3));
  return name;
}
