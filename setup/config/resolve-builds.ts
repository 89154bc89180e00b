import { createHash } from 'node:crypto';
import { lstat, opendir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ConfigError } from '../../helpers/errors.ts';
import { ifThere } from '../../helpers/files.ts';
import { resolveRevision, type Snapshot } from '../../helpers/git/snapshot.ts';
import type { GitStore } from '../../helpers/git/store.ts';
import type { Cargo } from '../../helpers/toolchain/cargo.ts';
import type { Go } from '../../helpers/toolchain/go.ts';
import {
  CLOUD_HYPERVISOR_SOURCE,
  componentOrigin,
  GUEST_COMPONENTS_SOURCE,
  TRUSTEE_SOURCE,
} from './component-source.ts';
import { containerdOrigin } from './containerd-source.ts';
import { findGiven, requireGiven } from './git-problem.ts';
import { nydusOrigin } from './nydus-source.ts';
import { buildsClh, buildsNydus } from './pins.ts';
import type {
  Builds,
  ComponentOrigin,
  CustomKernel,
  KernelOrigin,
  QemuOrigin,
  ResolvedConfig,
  SourceRevision,
} from './resolved.ts';
import type { Config } from './validated.ts';

type SourceSettings = Pick<
  Config,
  | 'agent'
  | 'bundle'
  | 'cdh'
  | 'clh'
  | 'containerd'
  | 'guestComponents'
  | 'hypervisor'
  | 'kbs'
  | 'kernel'
  | 'kernelSource'
  | 'nydus'
  | 'pull'
  | 'qemu'
  | RevisionSetting
> &
  Pick<ResolvedConfig, 'source' | 'target'>;

type RevisionSetting =
  | 'cdhRepo'
  | 'cdhVersion'
  | 'clhRepo'
  | 'clhVersion'
  | 'containerdRepo'
  | 'containerdVersion'
  | 'kbsRepo'
  | 'kbsVersion'
  | 'nydusRepo'
  | 'nydusVersion'
  | 'qemuRepo'
  | 'qemuVersion';

/** Look-ups that {@link resolveBuilds} makes only if the configuration requires them. */
interface SourceLookups {
  readonly kata: () => Promise<SourceRevision>;
  readonly cargo: () => Promise<Cargo | undefined>;
  readonly go: () => Promise<Go | undefined>;
  readonly store: GitStore;
  readonly signal?: AbortSignal | undefined;
}

/** Resolves the sources of everything that is set to `source` besides Kata itself. Throws {@link ConfigError}. */
export async function resolveBuilds(config: SourceSettings, finding: SourceLookups): Promise<Builds> {
  if (config.target === 'kata' && config.bundle !== undefined) return {};
  let revision: Promise<SourceRevision> | undefined;
  const packaging = async (): Promise<SourceRevision> => {
    revision ??= config.source === undefined ? finding.kata() : Promise.resolve(config.source);
    return revision;
  };
  const lookups = { ...finding, kata: packaging };
  return {
    ...(config.agent === 'stand-in' ? {} : await componentBuilds(config, lookups)),
    ...(config.containerd === 'source' && config.target !== 'vm'
      ? { containerdBuild: await containerdOrigin(config, lookups) }
      : {}),
    ...(buildsClh(config) ? { clhBuild: await clhOrigin(config, lookups) } : {}),
    ...(buildsNydus(config) ? { nydusBuild: await nydusOrigin(config, lookups) } : {}),
    ...(config.kernel === 'source' && config.target !== 'local'
      ? { kernelBuild: await resolveKernel(config, packaging) }
      : {}),
    ...(config.qemu === 'source' && config.target === 'kata'
      ? { qemuBuild: await resolveQemu(config, packaging, finding) }
      : {}),
  };
}

function clhOrigin({ clhRepo, clhVersion }: SourceSettings, lookups: SourceLookups): Promise<ComponentOrigin> {
  const given = { repository: clhRepo, version: clhVersion };
  return componentOrigin('KATA_CLH', CLOUD_HYPERVISOR_SOURCE, given, lookups);
}

/** The origins of the programs that an agent of main needs besides itself, and of the KBS. */
async function componentBuilds(config: SourceSettings, lookups: SourceLookups): Promise<Builds> {
  const { cdh, cdhRepo, cdhVersion, guestComponents, kbs, kbsRepo, kbsVersion, target } = config;
  const components = { repository: cdhRepo, version: cdhVersion };
  const trustee = { repository: kbsRepo, version: kbsVersion };
  return {
    ...(cdh === 'source'
      ? { cdhBuild: await componentOrigin('KATA_CDH', GUEST_COMPONENTS_SOURCE, components, lookups) }
      : {}),
    ...(guestComponents === 'source'
      ? {
          guestComponentsBuild: await componentOrigin(
            'KATA_GUEST_COMPONENTS',
            GUEST_COMPONENTS_SOURCE,
            components,
            lookups,
          ),
        }
      : {}),
    ...(kbs === 'source' && target !== 'local'
      ? { kbsBuild: await componentOrigin('KATA_KBS', TRUSTEE_SOURCE, trustee, lookups) }
      : {}),
  };
}

async function resolveKernel(
  { kernelSource }: SourceSettings,
  packaging: () => Promise<SourceRevision>,
): Promise<KernelOrigin> {
  const scripts = { packaging: await packaging() };
  return kernelSource === undefined ? scripts : { ...scripts, custom: await customKernel(kernelSource) };
}

async function resolveQemu(
  { qemuRepo, qemuVersion }: SourceSettings,
  packaging: () => Promise<SourceRevision>,
  finding: SourceLookups,
): Promise<QemuOrigin> {
  const scripts = { packaging: await packaging() };
  if (qemuRepo !== undefined) await requireGiven('KATA_QEMU_REPO', qemuRepo, finding.signal);
  const custom = await resolveGiven('KATA_QEMU_VERSION', qemuRepo, qemuVersion, finding);
  return custom === undefined ? scripts : { ...scripts, custom };
}

async function customKernel(path: string): Promise<CustomKernel> {
  const found = await ifThere(stat(path));
  if (found === undefined) throw new ConfigError(`KATA_KERNEL_SOURCE=${path}: no such directory or archive`);
  const hash = createHash('sha256');
  // The id is a digest of names, sizes and times: reading the 80,000 files of a kernel would take too long.
  if (found.isDirectory()) for await (const line of filesBelow(path)) hash.update(line);
  else hash.update(`${found.size} ${found.mtimeMs}`);
  return { path, id: hash.digest('hex').slice(0, 16) };
}

async function* filesBelow(directory: string): AsyncGenerator<string> {
  const names: string[] = [];
  const subdirectories: string[] = [];
  for await (const entry of await opendir(directory)) {
    if (entry.name === '.git') continue;
    (entry.isDirectory() ? subdirectories : names).push(entry.name);
  }
  for (const name of names.sort()) {
    const { mtimeMs, size } = await lstat(join(directory, name));
    yield `${name} ${size} ${mtimeMs}\n`;
  }
  for (const name of subdirectories.sort()) {
    yield `${name}/\n`;
    yield* filesBelow(join(directory, name));
  }
}

/**
 * Resolves the repository and revision of a source if the user has set both; if only one is set, the other comes from
 * Kata's versions.yaml.
 */
async function resolveGiven(
  variable: string,
  repository: string | undefined,
  revision: string | undefined,
  { signal, store }: SourceLookups,
): Promise<Snapshot | undefined> {
  if (repository === undefined || revision === undefined) return undefined;
  return findGiven(`${variable}=${revision}`, repository, (parsed) => resolveRevision(parsed, revision, store, signal));
}
