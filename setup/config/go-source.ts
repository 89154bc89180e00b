import { ConfigError } from '../../helpers/errors.ts';
import { parseRepository, type Repository } from '../../helpers/git/repository.ts';
import { type Snapshot, WORKTREE } from '../../helpers/git/snapshot.ts';
import type { GitStore } from '../../helpers/git/store.ts';
import type { DeclaredVersion } from '../../helpers/kata/declared-versions.ts';
import type { Go } from '../../helpers/toolchain/go.ts';
import { declaredBy } from './declared-versions.ts';
import { describeSnapshot } from './describe-snapshot.ts';
import { findGiven, requireGiven } from './git-problem.ts';
import type { SourceRevision } from './resolved.ts';

/** A project that Go builds, whose revision is the user's or one that Kata's versions.yaml declares. */
export interface GoProject {
  /** Its name, as in versions.yaml. */
  readonly name: 'containerd' | 'nydus-snapshotter';
  /** The setting that has it built, with which the names of those of its repository and version begin. */
  readonly setting: 'KATA_CONTAINERD' | 'KATA_NYDUS';
  /** The revision that a version of the project means. */
  readonly find: (repository: Repository, version: string, store: GitStore, signal?: AbortSignal) => Promise<Snapshot>;
}

/** What is looked up to find a source. */
export interface GoLookups {
  readonly go: () => Promise<Go | undefined>;
  readonly kata: () => Promise<SourceRevision>;
  readonly store: GitStore;
  readonly signal?: AbortSignal | undefined;
}

/** What is looked up to read a repository. */
export type GitLookups = Pick<GoLookups, 'store' | 'signal'>;

/** The Go of this machine. Throws {@link ConfigError} if there is none. */
export async function installedGo({ setting }: GoProject, find: GoLookups['go']): Promise<Go> {
  const go = await find();
  if (go === undefined) throw new ConfigError(`${setting}=source: Go is not installed (https://go.dev)`);
  return go;
}

/**
 * Where a source comes from whose version Kata declares: the version is read when it is built, since that may fetch Kata's source. Throws
 * {@link ConfigError} if the repository is a local path at which there is none.
 */
export async function declaredOrigin(
  { setting }: GoProject,
  repository: string,
  { kata, signal }: Pick<GoLookups, 'kata' | 'signal'>,
): Promise<{ readonly repository: string; readonly packaging: SourceRevision }> {
  await requireGiven(`${setting}_REPO`, repository, signal);
  return { repository, packaging: await kata() };
}

/** The revision of a version of the user's. Throws {@link ConfigError}. */
export async function givenRevision(
  project: GoProject,
  repository: string,
  version: string,
  options: GitLookups,
): Promise<SourceRevision> {
  const { setting } = project;
  if (version === WORKTREE && parseRepository(repository).kind === 'remote') {
    throw new ConfigError(`${setting}_VERSION=worktree: ${setting}_REPO must be a path on this machine`);
  }
  return revisionOf(project, repository, version, options);
}

/** The revision that versions.yaml of a Kata declares, which `choose` takes from its entry. Throws {@link ConfigError}. */
export async function declaredRevision(
  project: GoProject,
  repository: string,
  { choose, packaging }: { readonly packaging: SourceRevision; choose(entry: DeclaredVersion): string | undefined },
  options: GitLookups,
): Promise<SourceRevision> {
  const { name, setting } = project;
  const entry = (await declaredBy(packaging, options))[name];
  const version = entry && choose(entry);
  if (version !== undefined) return revisionOf(project, repository, version, options);
  throw new ConfigError(
    `${setting}=source: versions.yaml of ${packaging.name} names no ${name} that it could mean; set ${setting}_VERSION to a tag, branch or commit`,
  );
}

async function revisionOf(
  { find, setting }: GoProject,
  repository: string,
  version: string,
  { signal, store }: GitLookups,
): Promise<SourceRevision> {
  const given = `${setting}_REPO=${repository}, ${setting}_VERSION=${version}`;
  const snapshot = await findGiven(given, repository, (parsed) => find(parsed, version, store, signal));
  return { snapshot, name: describeSnapshot(snapshot, `${setting}_VERSION`) };
}
