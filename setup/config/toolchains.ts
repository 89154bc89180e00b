import { join } from 'node:path';
import { firstExecutable } from '../../helpers/files.ts';
import type { Outbound } from './outbound.ts';

/** The user's cargo: from PATH, CARGO_HOME or the usual directories; `undefined` if not installed. */
export function findCargo({ cargo, path }: Pick<Outbound, 'cargo' | 'path'>): Promise<string | undefined> {
  const home = cargo['CARGO_HOME'];
  return find('cargo', [...path, ...(home === undefined ? [] : [join(home, 'bin')]), '/usr/local/cargo/bin']);
}

/** The user's go: from PATH or the usual directories; `undefined` if not installed. */
export function findGo({ path }: Pick<Outbound, 'path'>): Promise<string | undefined> {
  return find('go', [...path, '/usr/local/go/bin', '/usr/lib/go/bin']);
}

function find(name: string, directories: readonly string[]): Promise<string | undefined> {
  return firstExecutable([...directories, '/usr/local/bin', '/usr/bin'].map((directory) => join(directory, name)));
}
