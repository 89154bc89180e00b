import { appendFileSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ProvisionError } from '../../../helpers/errors.ts';
import { ExecError, type RunOptions, run } from '../../../helpers/process/exec.ts';
import type { StepContext } from '../../step.ts';

/** Number of output lines that the error of a failed build command quotes. */
const QUOTED = 12;

/** The output of one build's commands, in a file that is kept if the build fails. */
export interface BuildLog {
  readonly file: string;
  /**
   * Runs a command of the build; `what` names it in messages. Returns its stdout and stderr; its error names the log
   * file.
   */
  run(what: string, command: readonly string[], options?: Omit<RunOptions, 'signal'>): Promise<string>;
}

/** Opens and truncates the log of a step's build. */
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

/** The output of a failed build command. */
export function saidBy(error: unknown): string {
  return error instanceof ProvisionError && error.cause instanceof ExecError ? error.cause.stdout : '';
}
