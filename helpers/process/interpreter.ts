import { closeSync, openSync, readSync } from 'node:fs';
import { isAbsolute } from 'node:path';

/** The longest first line of a script that the kernel reads. Source: BINPRM_BUF_SIZE of Linux. */
const FIRST_LINE_BYTES = 256;

/**
 * Why an existing program cannot be started, as far as its file shows: the kernel reports a script's missing
 * interpreter as if the script itself were missing. `undefined` for a program name without a path, and for a path that
 * does not exist.
 */
export function whyNotStarted(path: string): string | undefined {
  const beginning = isAbsolute(path) ? beginningOf(path) : undefined;
  if (beginning === undefined) return undefined;
  const [, interpreter] = /^#![ \t]*([^ \t\n]+)/.exec(beginning) ?? [];
  if (interpreter?.endsWith('\r')) {
    return `its first line ends in CR LF, so that its interpreter would be ${JSON.stringify(interpreter)}; convert it with dos2unix`;
  }
  if (interpreter !== undefined) return `its interpreter ${interpreter} cannot be run; correct its first line`;
  if (!beginning.startsWith('\x7fELF')) return undefined;
  return 'the dynamic loader that it names is not on this machine, as with a program for musl on a machine with glibc; link it statically, or install the loader (`readelf -l` names it)';
}

function beginningOf(path: string): string | undefined {
  try {
    const file = openSync(path, 'r');
    try {
      const buffer = Buffer.alloc(FIRST_LINE_BYTES);
      return buffer.toString('latin1', 0, readSync(file, buffer));
    } finally {
      closeSync(file);
    }
  } catch (error) {
    if (['ENOENT', 'EACCES', 'ENOTDIR', 'EISDIR'].includes((error as NodeJS.ErrnoException).code ?? ''))
      return undefined;
    throw error;
  }
}
