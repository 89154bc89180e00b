import { join } from 'node:path';
import { firstExecutable } from '../helpers/files.ts';
import type { Outbound } from './outbound.ts';

/** The user's cargo: of PATH, of CARGO_HOME, or where it is usually installed; `undefined` when there is none. */
export function findCargo({ cargo, path }: Pick<Outbound, 'cargo' | 'path'>): Promise<string | undefined> {
  const home = cargo['CARGO_HOME'];
  return find('cargo', [...path, ...(home === undefined ? [] : [join(home, 'bin')]), '/usr/local/cargo/bin']);
}

/** The user's go: of PATH, or where it is usually installed; `undefined` when there is none. */
export function findGo({ path }: Pick<Outbound, 'path'>): Promise<string | undefined> {
  return find('go', [...path, '/usr/local/go/bin', '/usr/lib/go/bin']);
}

function find(name: string, directories: readonly string[]): Promise<string | undefined> {
  return firstExecutable([...directories, '/usr/local/bin', '/usr/bin'].map((directory) => join(directory, name)));
}
