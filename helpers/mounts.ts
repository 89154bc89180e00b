import { readFile } from 'node:fs/promises';
import { run } from './exec.ts';

/** A mount, as this process's mount namespace has it. */
export interface Mount {
  /** Where it is mounted. */
  readonly point: string;
  /** The same as bytes: a path need not be UTF-8. */
  readonly path: Uint8Array;
  /** What of its file system is mounted there. */
  readonly root: string;
  /** `ext4`, `tmpfs`, `cgroup2`, ... */
  readonly type: string;
  readonly source: string;
  /** Options of the mount, then those of its file system. */
  readonly options: readonly string[];
}

/** The mounts this process sees, each after the one it is mounted on. */
export async function readMounts(proc = '/proc'): Promise<readonly Mount[]> {
  return parseMountInfo(await readFile(`${proc}/self/mountinfo`));
}

/**
 * Reads a mountinfo: fields between blanks, in which the kernel writes blank, tab, line end, backslash and `#` as
 * `\040` and so on. Source: proc(5), show_mountinfo() of fs/proc_namespace.c.
 */
export function parseMountInfo(mountInfo: Uint8Array): readonly Mount[] {
  // One character per byte: what is not UTF-8 stays as it is.
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

/** Whether a mount has anything to do with `what`: where it is, or what is mounted there. */
export function mentions({ options, point, root, source }: Mount, what: string): boolean {
  return [point, root, source, ...options].some((field) => field.includes(what));
}

/** Unmounts what is on top at the mount point. */
export async function unmount({ path }: Mount): Promise<void> {
  // By xargs: Node.js gives a program no argument that is not UTF-8.
  await run(['xargs', '--null', 'umount', '--'], { input: path });
}

function text(field: string): string {
  return unescaped(field).toString('utf8');
}

function unescaped(field: string): Buffer {
  const octal = (_: string, digits: string): string => String.fromCharCode(Number.parseInt(digits, 8));
  return Buffer.from(field.replaceAll(/\\([0-7]{3})/g, octal), 'latin1');
}
