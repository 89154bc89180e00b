import { type ChildProcess, type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { DIE_WITH_PARENT, minimalEnv } from '../../helpers/exec.ts';

/**
 * A shell on a pseudo terminal of its own: what is typed goes into it, what is shown comes out. `inside` is what
 * puts it somewhere else: a command that runs the words after it.
 */
export function shellOnTerminal(inside: readonly string[] = []): ChildProcessWithoutNullStreams {
  const [setpriv, ...prefix] = DIE_WITH_PARENT;
  const socat = ['socat', '-', 'EXEC:/bin/sh -i,pty,setsid,ctty,stderr,sane'];
  return spawn(setpriv, [...prefix, ...inside, ...socat], { env: minimalEnv({ PS1: '' }), stdio: 'pipe' });
}

/**
 * Closes the terminal of such a shell, which hangs up on it. Not by SIGTERM: socat answers that at its next turn, and
 * has been seen not to take one.
 */
export async function closeTerminal(shell: ChildProcess): Promise<void> {
  if (shell.exitCode !== null || shell.signalCode !== null) return;
  const exit = once(shell, 'exit');
  shell.kill('SIGKILL');
  await exit;
}

/** Somebody at a terminal of this machine. */
export interface Somebody extends AsyncDisposable {
  type(keys: string): void;
  /** Waits until something is shown that was not looked at before, and gives what of it `wanted` captures. */
  see(wanted: RegExp): Promise<string>;
}

/** Of a machine that compiles beside. */
const SEE_MS = 60_000;

/** Sits down at a terminal. */
export function somebody(): Somebody {
  const shell = shellOnTerminal();
  let shown = '';
  shell.stdout.setEncoding('utf8').on('data', (text: string) => {
    shown += text;
  });
  return {
    type: (keys) => void shell.stdin.write(keys),
    async see(wanted) {
      const deadline = AbortSignal.timeout(SEE_MS);
      for (;;) {
        const found = wanted.exec(shown);
        if (found !== null) {
          shown = shown.slice(found.index + found[0].length);
          return found[1] ?? found[0];
        }
        await once(shell.stdout, 'data', { signal: deadline }).catch((cause: unknown) => {
          throw new Error(`${wanted} was not shown within ${SEE_MS} ms, only ${JSON.stringify(shown)}`, { cause });
        });
      }
    },
    [Symbol.asyncDispose]: () => closeTerminal(shell),
  };
}
