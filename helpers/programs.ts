import { join } from 'node:path';
import { firstExecutable } from './files.ts';

/** Where programs of this machine are, whatever PATH the suite was started with. */
const SEARCH_PATH = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];

/** Absolute path of a program of this machine; `undefined` when there is none of that name. */
export function findProgram(name: string): Promise<string | undefined> {
  return firstExecutable(SEARCH_PATH.map((directory) => join(directory, name)));
}
