import { basename } from 'node:path';
import { causesOf } from '../../../helpers/errors.ts';
import { ExecError } from '../../../helpers/process/exec.ts';

/**
 * What cargo printed of errors, if an error was caused by a build of cargo; `undefined` for another error. Warnings, of which a source that does
 * not compile has many that are not its own, and the progress are left out, unless there is nothing else.
 */
export function compilerText(error: unknown): string | undefined {
  for (const cause of causesOf(error)) {
    if (!(cause instanceof ExecError)) continue;
    const [program = '', command] = cause.command;
    if (basename(program) !== 'cargo' || command !== 'build') continue;
    const errors = blocksOf(cause.stderr).filter((block) => block.startsWith('error'));
    return (errors.length === 0 ? cause.stderr : errors.join('')).trim();
  }
  return undefined;
}

/** The messages of cargo and rustc, each with the lines that belong to it: those of a message's code have numbers, or are indented. */
function blocksOf(stderr: string): readonly string[] {
  return stderr.split(/^(?=(?:error|warning|note)\b|\s+[A-Z][a-z]+ing\b)/m);
}
