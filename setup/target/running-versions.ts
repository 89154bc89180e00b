import { criReady } from '../../helpers/containerd/cri-runtime.ts';
import type { ComponentProgram } from '../../helpers/contract/component.ts';
import type { RunningVersion } from '../../helpers/contract/running-version.ts';
import { defined } from '../../helpers/defined.ts';
import {
  type DeclaredVersions,
  VERSIONED_PROGRAMS,
  type VersionedProgram,
} from '../../helpers/kata/declared-versions.ts';
import { declaredIfFetched } from '../config/declared-versions.ts';
import { gitStore } from '../config/git-store.ts';
import type { ResolvedConfig } from '../config/resolved.ts';
import { parseVersion, probeVersions } from '../host/versions.ts';
import { CONTAINERD_SOCKET } from '../installation/containerd-endpoint.ts';
import type { KataBundle } from '../steps/kata/kata-bundle.ts';

/** What set-up knows of the versions that run, better than this machine's programs say it. */
type Known = Readonly<Partial<Record<VersionedProgram, string>>>;

/** The versions that run on targets `local` and `vm`, with what the Kata that is built declares. */
export async function runningVersions(config: ResolvedConfig, known: Known): Promise<readonly RunningVersion[]> {
  const { cdhBuild, containerdBuild, guestComponentsBuild, kbsBuild, kernelBuild, source } = config;
  const builds = [containerdBuild, kernelBuild, cdhBuild, guestComponentsBuild, kbsBuild];
  const revision = source ?? builds.find((build) => build?.packaging !== undefined)?.packaging;
  const declared = revision && (await declaredIfFetched(revision, { store: gitStore(config) }));
  return withDeclared({ ...(await installed(config)), ...known }, declared);
}

/** The versions that run on target `kata`, with what the Kata that is installed declares. */
export async function runningWithKata(
  config: ResolvedConfig,
  known: Known,
  declared: DeclaredVersions | undefined,
): Promise<readonly RunningVersion[]> {
  const { Kubernetes, QEMU, ...versions } = await installed(config);
  const { version } = await criReady(CONTAINERD_SOCKET);
  const containerd = version.replace(/^containerd v?/, '');
  const qemu = config.hypervisor === 'qemu' ? defined({ QEMU }) : {};
  const cluster = config.cluster ? defined({ Kubernetes }) : {};
  return withDeclared({ ...versions, ...qemu, ...cluster, containerd, ...known }, declared);
}

/** What a bundle says of its versions, and those of the nydus-snapshotter with which guests pull. */
export function kataVersions(
  { clh, kernelRelease, qemu }: Pick<KataBundle, 'clh' | 'kernelRelease' | 'qemu'>,
  nydus?: ComponentProgram,
): Known {
  return defined({
    'guest kernel': kernelRelease,
    'Cloud Hypervisor': clh?.version,
    QEMU: qemu && parseVersion('QEMU', qemu.version),
    'nydus-snapshotter': nydus?.version,
  });
}

async function installed(config: ResolvedConfig): Promise<Known> {
  const found = await probeVersions(config);
  return Object.fromEntries(found.map(({ program, version }) => [program, version]));
}

/** Versions in the order of reports, with what is declared of each. */
export function withDeclared(versions: Known, declared: DeclaredVersions = {}): readonly RunningVersion[] {
  return VERSIONED_PROGRAMS.flatMap((program) => {
    const version = versions[program];
    return version === undefined ? [] : [{ program, version, ...defined({ declared: declared[program] }) }];
  });
}
