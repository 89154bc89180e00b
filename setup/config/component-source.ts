import { ConfigError } from '../../helpers/errors.ts';
import { readFileOf } from '../../helpers/git/export.ts';
import { parseRepository } from '../../helpers/git/repository.ts';
import { resolveRevision, WORKTREE } from '../../helpers/git/snapshot.ts';
import type { GitStore } from '../../helpers/git/store.ts';
import { type KataVersions, type Origin, parseVersions } from '../../helpers/kata/versions.ts';
import type { Cargo } from '../../helpers/toolchain/cargo.ts';
import { describeSnapshot } from './describe-snapshot.ts';
import { findGiven } from './git-problem.ts';
import type { CargoSource, ComponentOrigin, SourceRevision } from './resolved.ts';

/** A project besides Kata whose programs cargo builds. */
export interface ComponentSettings {
  /** The project's entry in Kata's versions.yaml. */
  readonly project: keyof Pick<KataVersions, 'cloudHypervisor' | 'guestComponents' | 'trustee'>;
  /** Begins the names of the settings of its repository and version: `KATA_CDH`. */
  readonly prefix: string;
}

/** guest-components, with the CDH, attestation-agent and api-server-rest. */
export const GUEST_COMPONENTS_SOURCE: ComponentSettings = { project: 'guestComponents', prefix: 'KATA_CDH' };

/** trustee, with the KBS and its attestation service. */
export const TRUSTEE_SOURCE: ComponentSettings = { project: 'trustee', prefix: 'KATA_KBS' };

/** Cloud Hypervisor. */
export const CLOUD_HYPERVISOR_SOURCE: ComponentSettings = { project: 'cloudHypervisor', prefix: 'KATA_CLH' };

/** What the user set of a project's source. */
interface Given {
  readonly repository: string | undefined;
  readonly version: string | undefined;
}

interface Lookups {
  readonly cargo: () => Promise<Cargo | undefined>;
  readonly kata: () => Promise<SourceRevision>;
  readonly store: GitStore;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Where the source of a project comes from; `setting` is the one that requires it. What the user set is resolved at once; the version that
 * Kata names is read when it is built, since that may fetch Kata's source. Throws {@link ConfigError}.
 */
export async function componentOrigin(
  setting: string,
  component: ComponentSettings,
  { repository, version }: Given,
  { cargo: findCargo, kata, signal, store }: Lookups,
): Promise<ComponentOrigin> {
  const cargo = await findCargo();
  if (cargo === undefined) throw new ConfigError(`${setting}=source: cargo is not installed (https://rustup.rs)`);
  if (repository === undefined && version === undefined) return { cargo, packaging: await kata() };
  const { prefix } = component;
  const given = [
    ...(repository === undefined ? [] : [`${prefix}_REPO=${repository}`]),
    ...(version === undefined ? [] : [`${prefix}_VERSION=${version}`]),
  ].join(', ');
  if (version === WORKTREE && (repository === undefined || parseRepository(repository).kind === 'remote')) {
    throw new ConfigError(`${given}: ${prefix}_REPO must be a path on this machine`);
  }
  const named =
    repository !== undefined && version !== undefined
      ? { url: repository, revision: version }
      : await originNamedBy(await kata(), component, { store, signal });
  const origin = { url: repository ?? named.url, revision: version ?? named.revision };
  return { custom: await revisionOf(given, component, origin, { store, signal }), cargo };
}

/** The revision of a project to build. Throws {@link ConfigError}. */
export async function componentSource(
  setting: string,
  component: ComponentSettings,
  { cargo, custom, packaging }: ComponentOrigin,
  options: Pick<Lookups, 'store' | 'signal'>,
): Promise<CargoSource> {
  if (custom !== undefined) return { cargo, ...custom };
  const origin = await originNamedBy(packaging, component, options);
  return { cargo, ...(await revisionOf(`${setting}=source`, component, origin, options)) };
}

async function originNamedBy(
  { name, snapshot }: SourceRevision,
  { prefix, project }: ComponentSettings,
  { signal, store }: Pick<Lookups, 'store' | 'signal'>,
): Promise<Origin> {
  const origin = parseVersions(await readFileOf(snapshot, 'versions.yaml', store, signal), name)[project];
  if (origin !== undefined) return origin;
  const set = `set ${prefix}_REPO and ${prefix}_VERSION`;
  throw new ConfigError(`versions.yaml of ${name} does not name the version of ${PROJECTS[project]} to build; ${set}`);
}

const PROJECTS: Readonly<Record<ComponentSettings['project'], string>> = {
  cloudHypervisor: 'Cloud Hypervisor',
  guestComponents: 'guest-components',
  trustee: 'trustee',
};

/** `given` are the settings that name the revision, for errors. */
async function revisionOf(
  given: string,
  { prefix }: ComponentSettings,
  { url, revision }: Origin,
  { signal, store }: Pick<Lookups, 'store' | 'signal'>,
): Promise<SourceRevision> {
  const snapshot = await findGiven(given, url, (repository) => resolveRevision(repository, revision, store, signal));
  return { snapshot, name: describeSnapshot(snapshot, `${prefix}_VERSION`) };
}
