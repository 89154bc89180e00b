import { ConfigError } from '../../helpers/errors.ts';
import { isReleaseLine, newestRelease } from '../../helpers/git/releases.ts';
import { parseRepository } from '../../helpers/git/repository.ts';
import { resolveRevision, WORKTREE } from '../../helpers/git/snapshot.ts';
import type { GitStore } from '../../helpers/git/store.ts';
import type { Go } from '../../helpers/toolchain/go.ts';
import { declaredBy } from './declared-versions.ts';
import { describeSnapshot } from './describe-snapshot.ts';
import { findGiven } from './git-problem.ts';
import type { ContainerdOrigin, SourceRevision } from './resolved.ts';
import type { Config } from './validated.ts';

/** Versions that stand for an entry of Kata's versions.yaml. */
const DECLARED = ['minimum', 'latest'] as const;

interface Lookups {
  readonly go: () => Promise<Go | undefined>;
  readonly kata: () => Promise<SourceRevision>;
  readonly store: GitStore;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Where the source of containerd comes from. A version of the user's is resolved at once; one that Kata declares is read when it is built, since that may
 * fetch Kata's source. Throws {@link ConfigError}.
 */
export async function containerdOrigin(
  { containerdRepo, containerdVersion }: Pick<Config, 'containerdRepo' | 'containerdVersion'>,
  { go: findGo, kata, ...options }: Lookups,
): Promise<ContainerdOrigin> {
  const go = await findGo();
  if (go === undefined) throw new ConfigError('KATA_CONTAINERD=source: Go is not installed (https://go.dev)');
  const which = DECLARED.find((name) => name === containerdVersion);
  if (which !== undefined) return { go, repository: containerdRepo, declared: which, packaging: await kata() };
  if (containerdVersion === WORKTREE && parseRepository(containerdRepo).kind === 'remote') {
    throw new ConfigError('KATA_CONTAINERD_VERSION=worktree: KATA_CONTAINERD_REPO must be a path on this machine');
  }
  return { go, custom: await revisionOf(containerdRepo, containerdVersion, options) };
}

/** The revision of containerd to build. Throws {@link ConfigError}. */
export async function containerdSource(
  { custom, declared, packaging, repository }: ContainerdOrigin,
  options: Pick<Lookups, 'store' | 'signal'>,
): Promise<SourceRevision> {
  if (custom !== undefined) return custom;
  const entry = (await declaredBy(packaging, options)).containerd;
  const version = entry?.[declared] ?? entry?.named;
  if (version !== undefined) return revisionOf(repository, version, options);
  throw new ConfigError(
    `KATA_CONTAINERD=source: versions.yaml of ${packaging.name} names no containerd; set KATA_CONTAINERD_VERSION`,
  );
}

async function revisionOf(
  repository: string,
  version: string,
  { signal, store }: Pick<Lookups, 'store' | 'signal'>,
): Promise<SourceRevision> {
  const given = `KATA_CONTAINERD_REPO=${repository}, KATA_CONTAINERD_VERSION=${version}`;
  const snapshot = await findGiven(given, repository, async (parsed) => {
    const revision = isReleaseLine(version) ? await newestRelease(parsed, version, store, signal) : version;
    return resolveRevision(parsed, revision, store, signal);
  });
  return { snapshot, name: describeSnapshot(snapshot, 'KATA_CONTAINERD_VERSION') };
}
