import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Generation } from '../../../helpers/contract/target.ts';
import { SEED_COMMIT } from '../../config/pins.ts';
import type { Config } from '../../config/validated.ts';

/** What differs between the Debian releases of which a dev VM can be. */
interface DebianRelease {
  readonly codename: string;
  /** Packages that this release has besides those of all releases. */
  readonly packages: readonly string[];
  /** Line of releases of its containerd. */
  readonly containerd: string;
  /** Version of the cgroup hierarchy. */
  readonly cgroup: 1 | 2;
}

/** Debian releases by version. */
export const DEBIAN = {
  12: { codename: 'bookworm', packages: [], containerd: '1.6', cgroup: 1 },
  // In Debian 12, QEMU's packages have a virtiofsd. Debian 13's kernel has neither memory nor cpuset in version 1.
  13: { codename: 'trixie', packages: ['virtiofsd'], containerd: '1.7', cgroup: 2 },
} as const satisfies Readonly<Record<string, DebianRelease>>;

export type DebianVersion = `${keyof typeof DEBIAN}`;

/**
 * The Debian of the dev VM. By default, it is 12 for the default revision of Kata, which is of generation skopeo, and 13 for
 * all others.
 */
export function debianOf(config: Pick<Config, 'devvmDebian' | 'kataBranch'>): DebianVersion {
  return debianFor(config, config.kataBranch === SEED_COMMIT ? 'skopeo' : 'guest-pull');
}

/** The Debian of the dev VM for an agent of a generation. */
export function debianFor({ devvmDebian }: Pick<Config, 'devvmDebian'>, generation: Generation): DebianVersion {
  if (devvmDebian !== 'auto') return devvmDebian;
  return generation === 'skopeo' ? '12' : '13';
}

/** The programs whose versions the start of a dev VM prints, and their Debian packages. */
const TOLD = { containerd: 'containerd', runc: 'runc', QEMU: 'qemu-system-x86' } as const;

/** The dev VM's Debian, and the versions of its programs, by name. */
export interface DevVmSystem {
  readonly debian: DebianVersion;
  readonly versions: Readonly<Record<string, string>>;
}

/** Reads the versions of a Debian tree: of its kernel, and of its packages by dpkg's database. */
export async function readSystem(root: string, debian: DebianVersion, kernel: string): Promise<DevVmSystem> {
  const status = await readFile(join(root, 'var/lib/dpkg/status'), 'utf8');
  return { debian, versions: { Linux: kernel, ...toldVersions(status) } };
}

/** The versions that a dev VM tells, from the text of dpkg's database. Throws for a package that is not installed. */
export function toldVersions(status: string): Readonly<Record<string, string>> {
  const installed = new Map(
    status.split('\n\n').flatMap((entry) => {
      const [name, version] = ['Package', 'Version'].map(
        (field) => new RegExp(`^${field}: (.+)$`, 'm').exec(entry)?.[1],
      );
      return name === undefined || version === undefined ? [] : [[name, version] as const];
    }),
  );
  return Object.fromEntries(
    Object.entries(TOLD).map(([name, from]) => {
      const version = installed.get(from);
      if (version === undefined) throw new Error(`the dev VM's Debian has no package ${from}`);
      return [name, version];
    }),
  );
}

/** A dev VM's Debian and programs in one line. */
export function describeSystem({ debian, versions }: DevVmSystem): string {
  return [`Debian ${debian}`, ...Object.entries(versions).map(([name, version]) => `${name} ${version}`)].join(', ');
}
