import { readFile } from 'node:fs/promises';

/**
 * Linux capabilities that this process needs for guests on this machine, and their use. Source of the numbers:
 * capabilities(7).
 */
export const PRIVILEGES = {
  CAP_CHOWN: { number: 0, use: 'owners of the files of an image' },
  CAP_DAC_OVERRIDE: { number: 1, use: 'read-only files of an image' },
  CAP_FOWNER: { number: 3, use: 'modes and times of the files of an image' },
  CAP_FSETID: { number: 4, use: 'set-user-id files of an image' },
  CAP_KILL: { number: 5, use: 'killing processes of a killed run' },
  CAP_SETGID: { number: 6, use: 'groups of container processes' },
  CAP_SETUID: { number: 7, use: 'users of container processes' },
  CAP_SETPCAP: { number: 8, use: 'dropping capabilities of guests and containers' },
  CAP_NET_BIND_SERVICE: { number: 10, use: 'given to containers, as Kata gives it' },
  CAP_NET_ADMIN: { number: 12, use: "a guest's loopback, interfaces and routes" },
  CAP_SYS_CHROOT: { number: 18, use: "entering a guest's mount namespace" },
  CAP_SYS_PTRACE: { number: 19, use: "a guest's root and namespaces below /proc; finding processes of a killed run" },
  CAP_SYS_ADMIN: { number: 21, use: 'namespaces, mounts, cgroups' },
  CAP_MKNOD: { number: 27, use: 'devices of containers' },
  CAP_AUDIT_WRITE: { number: 29, use: 'given to containers, as Kata gives it' },
  CAP_SETFCAP: { number: 31, use: 'file capabilities of an image' },
} as const satisfies Readonly<Record<string, { readonly number: number; readonly use: string }>>;

export type Privilege = keyof typeof PRIVILEGES;

/** The required capabilities that this process has. Source: `CapEff` of proc(5). */
export async function ownPrivileges(): Promise<readonly Privilege[]> {
  return held(effectiveMask(await readFile('/proc/self/status', 'utf8')));
}

/**
 * Numbers of the kernel's Linux capabilities that this process lacks, as in a container. Source: `cap_last_cap` of
 * capabilities(7).
 */
export async function lackedCapabilities(): Promise<readonly number[]> {
  const [status, last] = await Promise.all(
    ['/proc/self/status', '/proc/sys/kernel/cap_last_cap'].map((file) => readFile(file, 'utf8')),
  );
  return absent(effectiveMask(status ?? ''), Number(last));
}

/** Numbers up to `last` of the Linux capabilities that are not in a mask of the kernel. */
export function absent(mask: bigint, last: number): readonly number[] {
  return Array.from({ length: last + 1 }, (_, number) => number).filter((number) => !((mask >> BigInt(number)) & 1n));
}

function effectiveMask(status: string): bigint {
  const [, mask = '0'] = /^CapEff:\s*([0-9a-f]+)$/m.exec(status) ?? [];
  return BigInt(`0x${mask}`);
}

/** The required Linux capabilities in a mask of the kernel. */
export function held(mask: bigint): readonly Privilege[] {
  return (Object.keys(PRIVILEGES) as Privilege[]).filter((name) => (mask >> BigInt(PRIVILEGES[name].number)) & 1n);
}
