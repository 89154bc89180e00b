import { readFile, statfs } from 'node:fs/promises';
import { availableParallelism, cpus, totalmem } from 'node:os';
import { dirname } from 'node:path';
import { fileExists } from '../../helpers/files.ts';
import { readMounts } from '../../helpers/namespace/mounts.ts';
import { run } from '../../helpers/process/exec.ts';
import { findProgram } from '../../helpers/process/programs.ts';
import { LIBRARIES, TOOLS, type Tool } from '../config/pins.ts';
import { readOsRelease } from './os-release.ts';
import { ownPrivileges, type Privilege } from './privileges.ts';

/** Properties of this machine, as plain data for the plan and the doctor. */
export interface Host {
  /** `process.platform`. */
  readonly platform: string;
  readonly root: boolean;
  /** The required Linux capabilities that this process has; root in a container may lack some. */
  readonly privileges: readonly Privilege[];
  /** Id of the distribution, `ID` of /etc/os-release: debian, ubuntu, ... */
  readonly distribution: string;
  /** Codename of the distribution, `VERSION_CODENAME` of /etc/os-release: bookworm, noble, ... */
  readonly codename: string;
  readonly nodeVersion: string;
  readonly cpus: number;
  /** Model name of the machine's processor. */
  readonly processor: string;
  readonly memoryMib: number;
  /** Free space of the cache's file system, in MiB. */
  readonly cacheFreeMib: number;
  /** Path of each required program; absent if the program is not on PATH. */
  readonly tools: Readonly<Partial<Record<Tool, string>>>;
  /** Installed packages among those that contain no program by which they could be found. */
  readonly libraries: readonly string[];
  readonly features: Readonly<Record<Feature, boolean>>;
}

/** Kernel features that targets need. */
export type Feature =
  | 'overlay'
  | 'cgroups'
  | 'pid-namespaces'
  | 'network-namespaces'
  | 'cgroup-namespaces'
  | 'kvm'
  | 'vsock'
  | 'vhost-vsock';

/** Properties of this process and machine that need no probing. */
export function thisProcess(): Pick<Host, 'nodeVersion' | 'platform' | 'root'> {
  return { nodeVersion: process.versions.node, platform: process.platform, root: process.getuid?.() === 0 };
}

/** Probes the machine without changing it. */
export async function probeHost(cacheDir: string): Promise<Host> {
  const release = await readOsRelease();
  const fileSystems = await readFile('/proc/filesystems', 'utf8');
  const mounts = await readMounts();
  return {
    ...thisProcess(),
    privileges: await ownPrivileges(),
    distribution: release.id,
    codename: release.codename,
    cpus: availableParallelism(),
    processor: cpus()[0]?.model ?? 'unknown',
    memoryMib: Math.floor(totalmem() / 2 ** 20),
    cacheFreeMib: await freeMib(cacheDir),
    tools: await findTools(),
    libraries: await installedLibraries(),
    features: {
      overlay: /\toverlay$/m.test(fileSystems),
      cgroups: mounts.some(({ options, type }) => /^cgroup2?$/.test(type) && !options.includes('ro')),
      'pid-namespaces': await fileExists('/proc/self/ns/pid'),
      'network-namespaces': await fileExists('/proc/self/ns/net'),
      'cgroup-namespaces': await fileExists('/proc/self/ns/cgroup'),
      kvm: await fileExists('/dev/kvm'),
      vsock: await fileExists('/dev/vsock'),
      'vhost-vsock': await fileExists('/dev/vhost-vsock'),
    },
  };
}

async function findTools(): Promise<Partial<Record<Tool, string>>> {
  const found: Partial<Record<Tool, string>> = {};
  for (const tool of Object.keys(TOOLS) as Tool[]) {
    const path = await findProgram(tool);
    if (path !== undefined) found[tool] = path;
  }
  return found;
}

/** Packages of {@link LIBRARIES} that are installed; none on a machine without dpkg. */
async function installedLibraries(): Promise<string[]> {
  if (!(await fileExists('/usr/bin/dpkg-query'))) return [];
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the string is a format of dpkg-query
  const format = '${db:Status-Abbrev}${Package}\\n';
  // dpkg-query exits with 1 for an unknown package, but lists the others.
  const { stdout } = await run(['dpkg-query', '--show', `--showformat=${format}`, ...LIBRARIES], { okCodes: [0, 1] });
  return [...stdout.matchAll(/^ii (.+)$/gm)].map(([, name = '']) => name);
}

async function freeMib(path: string): Promise<number> {
  if (!(await fileExists(path))) return freeMib(dirname(path));
  const { bavail, bsize } = await statfs(path);
  return Math.floor((bavail * bsize) / 2 ** 20);
}
