import { appendFileSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ProvisionError } from '../../helpers/errors.ts';
import { ExecError, type RunOptions, run } from '../../helpers/exec.ts';
import type { StepContext } from '../step.ts';

/** Lines of what a failed command said that its error quotes. */
const QUOTED = 12;

/** What the commands of one build print, in a file that is still there when the build has failed. */
export interface BuildLog {
  readonly file: string;
  /** Runs a command, `what` in words. Gives what it printed, on stdout and stderr; its error says where the log is. */
  run(what: string, command: readonly string[], options?: Omit<RunOptions, 'signal'>): Promise<string>;
}

/** Begins the log of a step's build anew. */
export async function openBuildLog(
  id: string,
  { config, signal }: Pick<StepContext, 'config' | 'signal'>,
): Promise<BuildLog> {
  const file = join(config.cacheDir, 'logs', `${id}.log`);
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  await rm(file, { force: true });
  return {
    file,
    async run(what, command, options = {}) {
      appendFileSync(file, `== ${what}: ${command.join(' ')}\n`);
      const onLine = (line: string): void => {
        appendFileSync(file, `${line}\n`);
        options.onLine?.(line);
      };
      try {
        const merged = ['sh', '-c', 'exec "$@" 2>&1', 'sh', ...command];
        return (await run(merged, { ...options, signal, onLine })).stdout;
      } catch (cause) {
        if (!(cause instanceof ExecError) || signal.aborted) throw cause;
        const said = cause.stdout.trimEnd().split('\n').slice(-QUOTED).join('\n');
        throw new ProvisionError(id, `${what} failed, its log is ${file}:\n${said}`, { cause });
      }
    },
  };
}

/** What the failed command printed. */
export function saidBy(error: unknown): string {
  return error instanceof ProvisionError && error.cause instanceof ExecError ? error.cause.stdout : '';
}
