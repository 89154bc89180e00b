import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';

/** Where programs of this machine are, whatever PATH the suite was started with. */
const SEARCH_PATH = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];

/** Absolute path of a program of this machine; `undefined` when there is none of that name. */
export function findProgram(name: string): string | undefined {
  return SEARCH_PATH.map((directory) => join(directory, name)).find(isExecutable);
}

/** Whether a file is there that we may run. */
export function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
