import { cp, mkdir } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { run } from '../process/exec.ts';

/** Directories of CARGO_HOME with unpacked crates and repositories, each two levels below. Source: "Cargo Home" of the Cargo book. */
const UNPACKED = ['registry/src', 'git/checkouts'] as const;

/** Conditions of find(1) for what another user cannot read. */
const UNREADABLE = [
  ...['(', '-type', 'f', '!', '-perm', '-o=r', '-o', '-type', 'd', '!', '-perm', '-o=rx', ')'],
  ...['-printf', '%P\\n'],
] as const;

/**
 * Copies of fetched crates that another user than their owner cannot read, below `directory`, each with the path at which the crate belongs.
 * cargo keeps the modes of a crate's archive, and some archives have files of mode 640, such as that of fnv 1.0.7.
 */
export async function readableCrates(
  cargoHome: string,
  directory: string,
  signal?: AbortSignal,
): Promise<readonly { readonly source: string; readonly target: string }[]> {
  const copies = [];
  for (const crate of await unreadableCrates(cargoHome, signal)) {
    const source = join(directory, 'crates', relative(cargoHome, crate));
    await mkdir(join(source, '..'), { recursive: true });
    await cp(crate, source, { recursive: true, preserveTimestamps: true, verbatimSymlinks: true });
    copies.push({ source, target: crate });
  }
  if (copies.length > 0) await run(['chmod', '-R', 'o+rX', '--', join(directory, 'crates')], { signal });
  return copies;
}

async function unreadableCrates(cargoHome: string, signal: AbortSignal | undefined): Promise<string[]> {
  const crates = new Set<string>();
  for (const name of UNPACKED) {
    const parent = join(cargoHome, name);
    // A directory that does not exist has no crates.
    const search = ['sh', '-c', '[ ! -d "$1" ] || exec find "$@"', 'sh', parent, '-mindepth', '2', ...UNREADABLE];
    for (const path of (await run(search, { signal })).stdout.split('\n').filter(Boolean)) {
      crates.add(join(parent, ...path.split('/').slice(0, 2)));
    }
  }
  return [...crates].sort();
}
