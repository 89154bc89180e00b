import { accessSync, constants, lstatSync, statfsSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, resolve } from 'node:path';

/**
 * The absolute path that a user means. `~/` is their home directory: a shell does not replace it everywhere (`env X=~/x`), and
 * a file of a CI system never. Throws an error for what can only be a mistake.
 */
export function givenPath(text: string): string {
  if (text.trim() === '') throw new Error('this is blank; set a path, or unset it');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
  if (/[\u0000-\u001f\u007f]/.test(text)) {
    throw new Error(`wanted a path without line ends and control characters, and this is ${JSON.stringify(text)}`);
  }
  return resolve(text.replace(/^~(?=\/|$)/, () => homedir()));
}

/** Type of procfs. Source: statfs(2). */
const PROC_SUPER_MAGIC = 0x9fa0;

/** Why a directory cannot be created at an absolute path; `undefined` if it exists, or nothing is in its place. */
export function whyNoDirectory(path: string): string | undefined {
  if (!isThere(path)) return whyNoDirectory(dirname(path));
  const target = statSync(path, { throwIfNoEntry: false });
  if (target === undefined) return `${path} is a symbolic link to something that is not there`;
  if (!target.isDirectory()) return `${path} is not a directory`;
  // A recursive mkdir of Node.js never returns there: it takes the ENOENT for a missing parent and tries again.
  if (statfsSync(path).type === PROC_SUPER_MAGIC) return `${path} is on procfs, where no directory can be created`;
  return isReadOnly(path) ? `${path} is on a file system that is mounted read-only` : undefined;
}

/** Whether there is something at a path, a symbolic link to nothing included. */
function isThere(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch (error) {
    // Of a path below a file.
    if ((error as NodeJS.ErrnoException).code === 'ENOTDIR') return false;
    throw error;
  }
}

/** Whether nothing can be written by anyone: what this user may do is not asked. */
function isReadOnly(directory: string): boolean {
  try {
    accessSync(directory, constants.W_OK);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EROFS';
  }
}
