import { installedPrograms, parseContainerdVersion } from '../../helpers/containerd/programs.ts';
import { firstExecutable } from '../../helpers/files.ts';
import type { VersionedProgram } from '../../helpers/kata/declared-versions.ts';
import { parseNydusVersion } from '../../helpers/nydus/snapshotter.ts';
import { run } from '../../helpers/process/exec.ts';
import { findProgram } from '../../helpers/process/programs.ts';
import type { TargetedConfig } from '../config/validated.ts';
import { checkContainerd } from '../steps/custom-containerd.ts';
import { checkNydus } from '../steps/custom-nydus.ts';

/** A program that this machine has, and its version. */
export interface FoundVersion {
  readonly program: VersionedProgram;
  readonly path: string;
  readonly version: string;
}

/** Under nested emulation, a large Go program takes seconds to start. */
const TIMEOUT_MS = 60_000;

/** Where distributions and Kubernetes have the CNI plugins. Source: containernetworking-plugins of Debian, CRI of containerd. */
const CNI_BRIDGES = ['/opt/cni/bin/bridge', '/usr/lib/cni/bridge', '/usr/libexec/cni/bridge'];

/** The programs of this machine that say their version. */
type Probed = Exclude<VersionedProgram, 'Cloud Hypervisor' | 'guest kernel'>;

/** The programs of {@link Probed} that distributions install. */
type Installed = Exclude<Probed, 'nydus-snapshotter'>;

type ProbedConfig = Pick<TargetedConfig, 'containerd' | 'kubernetes' | 'target'> & NydusConfig;

/** Settings of nydus-snapshotter; absent for a target that has none. */
type NydusConfig = Partial<Pick<TargetedConfig, 'bundle' | 'nydus' | 'pull'>>;

/** How each program says its version. Plugins of Debian 12 do not know theirs: `CNI bridge plugin version unknown`. */
const PARSERS: Readonly<Record<Probed, (output: string) => string | undefined>> = {
  containerd: parseContainerdVersion,
  'nydus-snapshotter': parseNydusVersion,
  runc: (output) => /^runc version (\S+)/.exec(output)?.[1],
  QEMU: (output) => /^QEMU emulator version (\S+)/.exec(output)?.[1],
  'CNI plugins': (output) => /^CNI bridge plugin (?:version )?v?(\S+)/.exec(output)?.[1],
  Kubernetes: (output) => /^Kubernetes v(\S+)/.exec(output)?.[1],
};

/** The version of a program, from what it prints; `undefined` for the output of another program. */
export function parseVersion(program: Probed, output: string): string | undefined {
  return PARSERS[program](output);
}

/**
 * Reads the versions of the programs that a target runs, as far as they are installed. Changes nothing. Throws {@link ProvisionError} if the
 * user's containerd or nydus-snapshotter is another program.
 */
export async function probeVersions(config: ProbedConfig): Promise<readonly FoundVersion[]> {
  const paths = Object.entries(await pathsOf(config)) as [Installed, string | undefined][];
  const asked = await Promise.all(paths.map(([program, path]) => ask(program, path)));
  const found = asked.filter((one) => one !== undefined);
  return [...(await ownContainerd(config)), ...(await ownNydus(config)), ...found];
}

async function ownContainerd({ containerd, target }: ProbedConfig): Promise<readonly FoundVersion[]> {
  if (target === 'vm' || containerd === 'distro' || containerd === 'source') return [];
  const { path, version = '' } = await checkContainerd(containerd, AbortSignal.timeout(TIMEOUT_MS));
  return [{ program: 'containerd', path, version }];
}

async function ownNydus({ bundle, nydus, pull, target }: ProbedConfig): Promise<readonly FoundVersion[]> {
  if (target !== 'kata' || bundle !== undefined || pull !== 'nydus') return [];
  if (nydus === undefined || nydus === 'source') return [];
  const { path, version = '' } = await checkNydus(nydus, AbortSignal.timeout(TIMEOUT_MS));
  return [{ program: 'nydus-snapshotter', path, version }];
}

/** The installed programs that a target runs, and that tell their version. */
async function pathsOf({
  containerd,
  kubernetes,
  target,
}: ProbedConfig): Promise<Readonly<Partial<Record<Installed, string | undefined>>>> {
  const qemu = { QEMU: await findProgram('qemu-system-x86_64') };
  if (target === 'vm') return qemu;
  const own = {
    ...(containerd === 'distro' ? { containerd: (await installedPrograms()).containerd } : {}),
    runc: await findProgram('runc'),
  };
  if (target === 'local') return own;
  return {
    ...own,
    ...qemu,
    'CNI plugins': await firstExecutable(CNI_BRIDGES),
    ...(kubernetes === 'no' ? {} : { Kubernetes: await findProgram('kubelet') }),
  };
}

/** The version that a program prints; `undefined` if it is not installed, or prints none. */
async function ask(program: Installed, path: string | undefined): Promise<FoundVersion | undefined> {
  if (path === undefined || !path.startsWith('/')) return undefined;
  // A CNI plugin says what it is when the variables of CNI are not set.
  const args = program === 'CNI plugins' ? [] : ['--version'];
  const { stderr, stdout } = await run([path, ...args], { timeoutMs: TIMEOUT_MS, okCodes: [0, 1] });
  const version = parseVersion(program, stdout || stderr);
  return version === undefined ? undefined : { program, path, version };
}
