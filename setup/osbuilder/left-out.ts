import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Names of the files that upstream's image builder leaves out of an image, such as journal and udev units, read from
 * the arrays
 * `systemd_units` (services and sockets) and `systemd_files` of its script.
 */
export function leftOut(script: string): ReadonlySet<string> {
  const units = arrays(script, /\b\w*systemd_units=\(([^)]*)\)/g);
  const files = arrays(script, /\bsystemd_files=\(([^)]*)\)/g);
  return new Set([...units.flatMap((unit) => [`${unit}.service`, `${unit}.socket`]), ...files]);
}

/** Removes every file and link below `root` that has one of the given names. */
export async function removeNamed(root: string, names: ReadonlySet<string>): Promise<void> {
  for (const entry of await readdir(root, { recursive: true, withFileTypes: true })) {
    if (!entry.isDirectory() && names.has(entry.name)) await rm(join(entry.parentPath, entry.name));
  }
}

function arrays(script: string, pattern: RegExp): string[] {
  return [...script.matchAll(pattern)].flatMap(([, body = '']) =>
    [...body.matchAll(/"([^"]+)"/g)].map(([, word = '']) => word),
  );
}
