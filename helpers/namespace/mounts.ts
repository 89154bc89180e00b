import { readFile } from 'node:fs/promises';
import { ExecError, run } from '../process/exec.ts';

/** A mount in this process's mount namespace. */
export interface Mount {
  /** Path of the mount point. */
  readonly point: string;
  /** The mount point as bytes, because a path need not be UTF-8. */
  readonly path: Uint8Array;
  /** The directory of the mounted file system that appears at the mount point. */
  readonly root: string;
  /** Type of the mounted file system: `ext4`, `tmpfs`, `cgroup2`, ... */
  readonly type: string;
  readonly source: string;
  /** Options of the mount, then those of the mounted file system. */
  readonly options: readonly string[];
}

/** The mounts that this process sees, each after the mount below it. */
export async function readMounts(proc = '/proc'): Promise<readonly Mount[]> {
  return parseMountInfo(await readFile(`${proc}/self/mountinfo`));
}

/**
 * Parses /proc/PID/mountinfo: fields separated by blanks, in which the kernel escapes blank, tab, line end, backslash
 * and `#` in octal, such as `\040`. Source: proc(5), show_mountinfo() of fs/proc_namespace.c.
 */
export function parseMountInfo(mountInfo: Uint8Array): readonly Mount[] {
  // Decoded as latin1, one character per byte, so that bytes that are not UTF-8 are kept.
  const lines = Buffer.from(mountInfo).toString('latin1').split('\n').filter(Boolean);
  return lines.map((line) => {
    const fields = line.split(' ');
    const [type = '', source = '', ofFileSystem = ''] = fields.slice(fields.indexOf('-', 6) + 1);
    const [root = '', point = '', ofMount = ''] = fields.slice(3);
    return {
      point: text(point),
      path: unescaped(point),
      root: text(root),
      type: text(type),
      source: text(source),
      options: [...ofMount.split(','), ...ofFileSystem.split(',')].map(text),
    };
  });
}

/** Whether the mount point, root, source or an option of a mount contains `what`. */
export function mentions({ options, point, root, source }: Mount, what: string): boolean {
  return [point, root, source, ...options].some((field) => field.includes(what));
}

/** Unmounts the topmost mount at the mount point. */
export async function unmount({ path }: Mount): Promise<void> {
  // umount runs through xargs, because Node.js cannot pass arguments that are not UTF-8.
  await run(['xargs', '--null', 'umount', '--'], { input: path });
}

/** What umount(8) prints for a path that is not mounted, or does not exist. */
const NOT_MOUNTED = /: (?:not mounted|no mount point specified|umount failed: No such file or directory)\.\n$/;

/** Unmounts the topmost mount at a path, if there is one; `enter` is a command that enters another mount namespace. */
export async function unmountIfMounted(path: string, enter: readonly string[] = []): Promise<void> {
  await run([...enter, 'umount', path]).catch((error: unknown) => {
    if (!(error instanceof ExecError && NOT_MOUNTED.test(error.stderr))) throw error;
  });
}

function text(field: string): string {
  return unescaped(field).toString('utf8');
}

function unescaped(field: string): Buffer {
  const octal = (_: string, digits: string): string => String.fromCharCode(Number.parseInt(digits, 8));
  return Buffer.from(field.replaceAll(/\\([0-7]{3})/g, octal), 'latin1');
}
