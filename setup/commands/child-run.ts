import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { poll } from '../../helpers/poll.ts';
import { projectPath } from '../project.ts';

const SAYS_MS = 120_000;

const PATHS = `${join(process.execPath, '..')}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin`;
/** Command that runs the suites with Vitest. */
export const VITEST = [process.execPath, projectPath('node_modules/vitest/vitest.mjs'), 'run', '--project', 'suites'];
/** `pnpm kata`. */
export const KATA = [process.execPath, projectPath('setup/commands/kata.ts')];
/** A run of the suites as a user starts it, in its own process group, as from a terminal. */
export class Run {
  readonly child: ChildProcess;
  readonly #ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  output = '';
  errors = '';

  constructor(command: readonly string[], environment: Readonly<Record<string, string>> = {}) {
    const [file = '', ...args] = command;
    this.child = spawn(file, args, {
      cwd: projectPath('.'),
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH: PATHS, HOME: '/root', NO_COLOR: '1', CI: '1', KATA_TARGET: 'local', ...environment },
    });
    this.child.stdout?.on('data', (chunk: Buffer) => {
      this.output += chunk.toString();
    });
    this.child.stderr?.on('data', (chunk: Buffer) => {
      this.errors += chunk.toString();
    });
    this.#ended = new Promise((resolve) => {
      this.child.once('exit', (code, signal) => resolve({ code, signal }));
    });
  }

  /** How the run ended, with its output if it failed, so that a failed test shows why. */
  get ended(): Promise<{ code: number | null; signal: NodeJS.Signals | null; said?: string }> {
    return this.#ended.then((end) =>
      end.code === 1 && this.output.includes('FAIL') ? { ...end, said: this.output } : end,
    );
  }

  /** Waits until the run's output matches. */
  async says(pattern: RegExp): Promise<void> {
    await poll(`${pattern} in the output of the run`, () => (pattern.test(this.output) ? true : undefined), {
      timeoutMs: SAYS_MS,
    });
  }

  /** Sends a signal to every process of the run's process group, as Ctrl-C does. */
  signalGroup(signal: NodeJS.Signals): void {
    process.kill(-(this.child.pid ?? 0), signal);
  }
}
