import { readIfThere } from '../helpers/files.ts';

/** Which distribution this is. */
export interface OsRelease {
  /** `debian`, `ubuntu`, ... */
  readonly id: string;
  /** `bookworm`, `noble`, ... */
  readonly codename: string;
}

/** Reads os-release where os-release(5) has it; `unknown` where it is not, or does not say. */
export async function readOsRelease(): Promise<OsRelease> {
  return parseOsRelease((await readIfThere('/etc/os-release')) ?? (await readIfThere('/usr/lib/os-release')) ?? '');
}

/** Reads assignments as a shell does: values may be in quotes of either kind, with backslashes in double ones. */
export function parseOsRelease(text: string): OsRelease {
  const values = new Map(
    [...text.matchAll(/^\s*([A-Z_\d]+)=(?:"((?:[^"\\]|\\.)*)"|'([^']*)'|(\S*))/gm)].map(
      ([, name = '', double, single, bare]) => [name, single ?? bare ?? double?.replaceAll(/\\(.)/g, '$1') ?? ''],
    ),
  );
  return { id: values.get('ID') || 'unknown', codename: values.get('VERSION_CODENAME') || 'unknown' };
}
