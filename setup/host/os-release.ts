import { readIfThere } from '../../helpers/files.ts';

/** Id and codename of the distribution. */
export interface OsRelease {
  /** Id of the distribution: `debian`, `ubuntu`, ... */
  readonly id: string;
  /** Codename of the distribution's release: `bookworm`, `noble`, ... */
  readonly codename: string;
}

/** Reads os-release from the paths of os-release(5); a field is `unknown` if the file or the field is missing. */
export async function readOsRelease(): Promise<OsRelease> {
  return parseOsRelease((await readIfThere('/etc/os-release')) ?? (await readIfThere('/usr/lib/os-release')) ?? '');
}

/**
 * Parses the shell assignments of os-release(5): values may have single or double quotes, the latter with backslash
 * escapes.
 */
export function parseOsRelease(text: string): OsRelease {
  const values = new Map(
    [...text.matchAll(/^\s*([A-Z_\d]+)=(?:"((?:[^"\\]|\\.)*)"|'([^']*)'|(\S*))/gm)].map(
      ([, name = '', double, single, bare]) => [name, single ?? bare ?? double?.replaceAll(/\\(.)/g, '$1') ?? ''],
    ),
  );
  return { id: values.get('ID') || 'unknown', codename: values.get('VERSION_CODENAME') || 'unknown' };
}
