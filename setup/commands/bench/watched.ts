import { execa } from 'execa';
import { HarnessError } from '../../../helpers/errors.ts';
import { poll } from '../../../helpers/poll.ts';
import { DIE_WITH_PARENT } from '../../../helpers/process/exec.ts';
import { projectPath } from '../../project.ts';
import { KATA } from '../child-run.ts';

/** A `pnpm kata watch` in a process of its own; disposing ends it. */
export interface Watched extends AsyncDisposable {
  /** Waits until the watch has run specs, all of which passed, and waits for a saved file. Rejects if one failed, or if the watch ended. */
  passed(): Promise<void>;
}

/** How to start a watch. */
interface WatchedOptions {
  readonly environment: Readonly<Record<string, string>>;
  /** Limit of each wait, in milliseconds. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

const QUOTED = 2_000;

/** Starts `pnpm kata watch` for a spec file, in this process's environment and `environment`. */
export function startWatch(file: string, { environment, signal, timeoutMs }: WatchedOptions): Watched {
  const [program, ...command] = [...DIE_WITH_PARENT, ...KATA];
  const child = execa(program, [...command, 'watch', file], {
    cwd: projectPath('.'),
    env: { ...environment, CI: '1', NO_COLOR: '1' },
    reject: false,
    stdin: 'ignore',
    all: true,
    buffer: false,
    // A new process group: Ctrl-C at a terminal reaches it once, from here.
    detached: true,
  });
  let said = '';
  let hasEnded = false;
  const end = child.finally(() => {
    hasEnded = true;
  });
  child.all.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  return {
    async passed() {
      await poll(
        'the end of a run of pnpm kata watch',
        () => {
          if (hasEnded) throw ended('ended', said);
          return /Waiting for a saved file/.test(said) || undefined;
        },
        { timeoutMs, signal, retry: () => false },
      );
      const verdict = said;
      said = '';
      if (!/^[1-9]\d* passed, 0 failed/m.test(verdict)) throw ended('has no verdict without a failed test', verdict);
    },
    async [Symbol.asyncDispose]() {
      child.kill('SIGTERM');
      await end;
    },
  };
}

function ended(how: string, said: string): HarnessError {
  return new HarnessError('bench', `pnpm kata watch ${how}: ${said.slice(-QUOTED)}`);
}
