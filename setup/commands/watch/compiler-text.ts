import { basename } from 'node:path';
import { ExecError } from '../../../helpers/process/exec.ts';

/** Lines that cargo prints for every crate. */
const PROGRESS =
  /^ +(?:Adding|Blocking|Checking|Compiling|Downloaded|Downloading|Dirty|Finished|Fresh|Locking|Updating)\b.*\n?/gm;

/** What cargo printed, if an error was caused by a build of cargo; `undefined` for another error. */
export function compilerText(error: unknown): string | undefined {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (!(cause instanceof ExecError)) continue;
    const [program = '', command] = cause.command;
    if (basename(program) === 'cargo' && command === 'build') return cause.stderr.replace(PROGRESS, '').trim();
  }
  return undefined;
}
