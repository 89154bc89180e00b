import { ProtocolError } from '../errors.ts';
import { commandLine, ExecError, type Finished, type RunOptions } from '../process/exec.ts';
import type { Address } from '../vsock/address.ts';
import { hereDocument } from './here-document.ts';
import { type GuestShell, openGuestShell } from './shell.ts';

/**
 * Runs commands in a guest, as {@link run} does on the host. Disposing ends the shells in the guest, or leaves them to
 * end with the guest.
 */
export interface GuestCommands extends AsyncDisposable {
  run(command: readonly string[], options?: RunOptions): Promise<Finished>;
}

/** Guest directory for the output of commands, with a subdirectory for each shell. */
const DIRECTORY = '/run/kata-cc-commands';

/** Options of {@link shellPool}. */
export interface ShellPoolOptions {
  /** Timeout of opening a shell, in milliseconds. */
  readonly openTimeoutMs: number;
  /** Default timeout of a command, in milliseconds. */
  readonly timeoutMs: number;
  /**
   * Set if the guest's agent is called after the shells are disposed, if only to end it: after dropped shells, an agent
   * may not answer.
   */
  readonly outlives?: boolean;
}

/**
 * Runs commands over a guest's debug console. Each running command has a shell of its own; shells are kept for later
 * commands. The guest needs only a shell, mkdir and base64.
 */
export function shellPool(address: Address, pool: ShellPoolOptions): GuestCommands {
  const { openTimeoutMs, outlives = false } = pool;
  const idle: GuestShell[] = [];
  const opened: GuestShell[] = [];
  const open = async (signal: AbortSignal | undefined): Promise<GuestShell> => {
    const shell = await openGuestShell(address, { timeoutMs: openTimeoutMs, signal });
    opened.push(shell);
    return shell;
  };
  /** A shell that is connected: the end of an agent that its guest starts again has closed the others. */
  const connected = (): GuestShell | undefined => {
    for (let shell = idle.pop(); shell !== undefined; shell = idle.pop()) if (!shell.closed) return shell;
    return undefined;
  };
  return {
    async run(command, options = {}) {
      const { okCodes = [0], signal, timeoutMs = pool.timeoutMs } = options;
      const shell = connected() ?? (await open(signal));
      const { output } = await shell.run(script(command, options), { timeoutMs, signal });
      const finished = parse(output);
      // A shell whose command failed to return is in an unknown state and is not reused.
      idle.push(shell);
      if (okCodes.includes(finished.exitCode)) return finished;
      throw new ExecError(`exited with ${finished.exitCode} in the guest`, command, finished);
    },
    async [Symbol.asyncDispose]() {
      if (outlives) await Promise.all(opened.map((shell) => shell[Symbol.asyncDispose]()));
      else for (const shell of opened) shell.abandon();
    },
  };
}

/**
 * Script that prints the exit code and both streams on one line each, in base64, which a terminal transmits unchanged.
 */
function script(command: readonly string[], { cwd, env = {}, input }: RunOptions): string {
  const variables = Object.entries(env).map(([name, value]) => `${name}=${value}`);
  const line = commandLine(variables.length > 0 ? ['env', ...variables, ...command] : command);
  const stdin = input === undefined ? '</dev/null' : '<"$d/in"';
  const place = cwd === undefined ? '' : `cd ${commandLine([cwd])} && `;
  return [
    `d=${DIRECTORY}/$$; [ -d "$d" ] || mkdir -p "$d"${input === undefined ? '' : `; base64 -d >"$d/in" ${hereDocument(input)}`}`,
    `(${place}${line}) ${stdin} >"$d/out" 2>"$d/err"; echo $?`,
    // Skipping base64 for empty output saves a third of a command's time in an emulated guest.
    'for stream in out err; do [ ! -s "$d/$stream" ] || base64 -w0 "$d/$stream"; echo; done',
  ].join(input === undefined ? '; ' : '\n');
}

function parse(output: string): Finished {
  const [exitCode = '', stdout = '', stderr = ''] = output.split('\n');
  if (!/^\d+$/.test(exitCode))
    throw new ProtocolError('debug-console', `expected the exit code of a command, not ${JSON.stringify(output)}`);
  const decode = (text: string): string => Buffer.from(text, 'base64').toString('utf8');
  return { exitCode: Number(exitCode), stdout: decode(stdout), stderr: decode(stderr) };
}
