import { accessSync, constants, lstatSync, statfsSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, resolve } from 'node:path';

/**
 * The absolute path that a user's setting means. `~/` stands for the user's home directory: a shell does not replace it
 * everywhere (`env X=~/x`), and a CI system's configuration never does. Throws an error for a text that can only be a
 * mistake.
 */
export function givenPath(text: string): string {
  if (text.trim() === '') throw new Error('the path is blank; set a path, or unset the variable');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the expression finds control characters.
  if (/[\u0000-\u001f\u007f]/.test(text)) {
    throw new Error(`expected a path without line ends and control characters, not ${JSON.stringify(text)}`);
  }
  return resolve(text.replace(/^~(?=\/|$)/, () => homedir()));
}

/** File system type of procfs. Source: statfs(2). */
const PROC_SUPER_MAGIC = 0x9fa0;

/** Why a directory cannot be created at an absolute path; `undefined` if the directory exists or can be created. */
export function whyNoDirectory(path: string): string | undefined {
  if (!isThere(path)) return whyNoDirectory(dirname(path));
  const target = statSync(path, { throwIfNoEntry: false });
  if (target === undefined) return `${path} is a dangling symbolic link`;
  if (!target.isDirectory()) return `${path} is not a directory`;
  // Below procfs, a recursive mkdir of Node.js never returns: it takes the ENOENT for a missing parent and tries again.
  if (statfsSync(path).type === PROC_SUPER_MAGIC) return `${path} is on procfs, where no directory can be created`;
  return isReadOnly(path) ? `${path} is on a file system that is mounted read-only` : undefined;
}

/** Whether a path exists; a dangling symbolic link counts as existing. */
function isThere(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch (error) {
    // ENOTDIR means that a parent of the path is a file, so the path does not exist.
    if ((error as NodeJS.ErrnoException).code === 'ENOTDIR') return false;
    throw error;
  }
}

/** Whether a directory is on a read-only file system; permissions of the current user are not checked. */
function isReadOnly(directory: string): boolean {
  try {
    accessSync(directory, constants.W_OK);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EROFS';
  }
}
