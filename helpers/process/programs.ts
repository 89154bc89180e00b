import { join } from 'node:path';
import { firstExecutable } from '../files.ts';

/** Directories of the host's programs, independent of the PATH of this process. */
const SEARCH_PATH = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];

/** Absolute path of an installed program; `undefined` if no program of this name is installed. */
export function findProgram(name: string): Promise<string | undefined> {
  return firstExecutable(SEARCH_PATH.map((directory) => join(directory, name)));
}
