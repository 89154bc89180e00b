import { type ChildProcess, type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { DIE_WITH_PARENT, minimalEnv } from '../../../helpers/process/exec.ts';

/**
 * Starts a shell on its own pseudo terminal: stdin is its keyboard, stdout its screen. `inside` is a command prefix
 * that runs the shell in another environment.
 */
export function shellOnTerminal(inside: readonly string[] = []): ChildProcessWithoutNullStreams {
  const [setpriv, ...prefix] = DIE_WITH_PARENT;
  const socat = ['socat', '-', 'EXEC:/bin/sh -i,pty,setsid,ctty,stderr,sane'];
  return spawn(setpriv, [...prefix, ...inside, ...socat], { env: minimalEnv({ PS1: '' }), stdio: 'pipe' });
}

/**
 * Closes the terminal of a shell, which sends the shell SIGHUP. socat gets SIGKILL: it handles SIGTERM in its next loop
 * iteration, and has been seen not to reach one.
 */
export async function closeTerminal(shell: ChildProcess): Promise<void> {
  if (shell.exitCode !== null || shell.signalCode !== null) return;
  const exit = once(shell, 'exit');
  shell.kill('SIGKILL');
  await exit;
}

/** A simulated user at a terminal of this machine. */
export interface TerminalUser extends AsyncDisposable {
  type(keys: string): void;
  /** Waits for new output that matches `wanted`, and returns its capture group. Rejects as soon as the terminal is closed. */
  see(wanted: RegExp, timeoutMs?: number): Promise<string>;
}

/** Timeout for output on a terminal, on a machine that compiles meanwhile, in milliseconds. */
const SEE_MS = 60_000;

/** Opens a terminal for a simulated user. */
export function openUserTerminal(): TerminalUser {
  const shell = shellOnTerminal();
  let shown = '';
  let errors = '';
  shell.stdout.setEncoding('utf8').on('data', (text: string) => {
    shown += text;
  });
  shell.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
  });
  const closed = once(shell.stdout, 'end');
  return {
    type: (keys) => void shell.stdin.write(keys),
    async see(wanted, timeoutMs = SEE_MS) {
      const deadline = AbortSignal.timeout(timeoutMs);
      for (;;) {
        const found = wanted.exec(shown);
        if (found !== null) {
          shown = shown.slice(found.index + found[0].length);
          return found[1] ?? found[0];
        }
        if (shell.stdout.readableEnded) {
          throw new Error(`the terminal was closed before ${wanted} was shown: ${JSON.stringify(shown + errors)}`);
        }
        await Promise.race([once(shell.stdout, 'data', { signal: deadline }), closed]).catch((cause: unknown) => {
          throw new Error(`${wanted} was not shown within ${timeoutMs} ms, only ${JSON.stringify(shown)}`, { cause });
        });
      }
    },
    [Symbol.asyncDispose]: () => closeTerminal(shell),
  };
}
