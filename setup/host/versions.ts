import { installedPrograms, parseContainerdVersion } from '../../helpers/containerd/programs.ts';
import { firstExecutable } from '../../helpers/files.ts';
import type { VersionedProgram } from '../../helpers/kata/declared-versions.ts';
import { run } from '../../helpers/process/exec.ts';
import { findProgram } from '../../helpers/process/programs.ts';
import type { TargetedConfig } from '../config/validated.ts';
import { checkContainerd } from '../steps/custom-containerd.ts';

/** A program that this machine has, and its version. */
export interface FoundVersion {
  readonly program: VersionedProgram;
  readonly path: string;
  readonly version: string;
}

const TIMEOUT_MS = 8_000;

/** Where distributions and Kubernetes have the CNI plugins. Source: containernetworking-plugins of Debian, CRI of containerd. */
const CNI_BRIDGES = ['/opt/cni/bin/bridge', '/usr/lib/cni/bridge', '/usr/libexec/cni/bridge'];

/** How a program says its version. */
interface Asked {
  readonly program: VersionedProgram;
  readonly path: string | undefined;
  readonly args: readonly string[];
  readonly parse: (output: string) => string | undefined;
}

/**
 * Reads the versions of the programs that a target runs, as far as they are installed. Changes nothing. Throws {@link ProvisionError} if the
 * user's containerd is another program.
 */
export async function probeVersions(
  config: Pick<TargetedConfig, 'containerd' | 'target'>,
): Promise<readonly FoundVersion[]> {
  const { containerd, target } = config;
  const asked = await Promise.all((await askedBy(config)).map(ask));
  const found = asked.filter((one) => one !== undefined);
  if (target === 'vm' || containerd === 'distro' || containerd === 'source') return found;
  const { path, version = '' } = await checkContainerd(containerd, AbortSignal.timeout(TIMEOUT_MS));
  return [{ program: 'containerd', path, version }, ...found];
}

async function askedBy({
  containerd,
  target,
}: Pick<TargetedConfig, 'containerd' | 'target'>): Promise<readonly Asked[]> {
  const qemu: Asked = {
    ...{ program: 'QEMU', path: await findProgram('qemu-system-x86_64'), args: ['--version'] },
    parse: parseQemuVersion,
  };
  if (target === 'vm') return [qemu];
  const own: readonly Asked[] = [
    ...(containerd === 'distro'
      ? [
          {
            ...{ program: 'containerd' as const, path: (await installedPrograms()).containerd, args: ['--version'] },
            parse: parseContainerdVersion,
          },
        ]
      : []),
    {
      ...{ program: 'runc', path: await findProgram('runc'), args: ['--version'] },
      parse: (output) => /^runc version (\S+)/.exec(output)?.[1],
    },
  ];
  if (target === 'local') return own;
  return [
    ...own,
    qemu,
    {
      // Without the variables of CNI, a plugin prints what it is; plugins of Debian 12 do not know their version.
      ...{ program: 'CNI plugins', path: await firstExecutable(CNI_BRIDGES), args: [] },
      parse: (output) => /^CNI bridge plugin (?:version )?v?(\S+)/.exec(output)?.[1],
    },
    {
      ...{ program: 'Kubernetes', path: await findProgram('kubelet'), args: ['--version'] },
      parse: (output) => /^Kubernetes v(\S+)/.exec(output)?.[1],
    },
  ];
}

/** The version of a QEMU, from its output for `--version`; `undefined` for the output of another program. */
export function parseQemuVersion(output: string): string | undefined {
  return /^QEMU emulator version (\S+)/.exec(output)?.[1];
}

/** The version that a program prints; `undefined` if it is not installed, or prints none. */
async function ask({ args, parse, path, program }: Asked): Promise<FoundVersion | undefined> {
  if (path === undefined || !path.startsWith('/')) return undefined;
  const { stderr, stdout } = await run([path, ...args], { timeoutMs: TIMEOUT_MS, okCodes: [0, 1] });
  const version = parse(stdout || stderr);
  return version === undefined ? undefined : { program, path, version };
}
