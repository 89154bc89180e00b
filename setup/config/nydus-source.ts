import { ConfigError } from '../../helpers/errors.ts';
import { parseRepository } from '../../helpers/git/repository.ts';
import { resolveRevision, WORKTREE } from '../../helpers/git/snapshot.ts';
import type { GitStore } from '../../helpers/git/store.ts';
import type { Go } from '../../helpers/toolchain/go.ts';
import { declaredBy } from './declared-versions.ts';
import { describeSnapshot } from './describe-snapshot.ts';
import { findGiven } from './git-problem.ts';
import type { NydusOrigin, SourceRevision } from './resolved.ts';
import type { Config } from './validated.ts';

interface Lookups {
  readonly go: () => Promise<Go | undefined>;
  readonly kata: () => Promise<SourceRevision>;
  readonly store: GitStore;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Where the source of nydus-snapshotter comes from. A version of the user's is resolved at once; the one that Kata names is read when it is
 * built, since that may fetch Kata's source. Throws {@link ConfigError}.
 */
export async function nydusOrigin(
  { nydusRepo, nydusVersion }: Pick<Config, 'nydusRepo' | 'nydusVersion'>,
  { go: findGo, kata, ...options }: Lookups,
): Promise<NydusOrigin> {
  const go = await findGo();
  if (go === undefined) throw new ConfigError('KATA_NYDUS=source: Go is not installed (https://go.dev)');
  if (nydusVersion === undefined) return { go, repository: nydusRepo, packaging: await kata() };
  if (nydusVersion === WORKTREE && parseRepository(nydusRepo).kind === 'remote') {
    throw new ConfigError('KATA_NYDUS_VERSION=worktree: KATA_NYDUS_REPO must be a path on this machine');
  }
  return { go, custom: await revisionOf(nydusRepo, nydusVersion, options) };
}

/** The revision of nydus-snapshotter to build. Throws {@link ConfigError}. */
export async function nydusSource(
  { custom, packaging, repository }: NydusOrigin,
  options: Pick<Lookups, 'store' | 'signal'>,
): Promise<SourceRevision> {
  if (custom !== undefined) return custom;
  const version = (await declaredBy(packaging, options))['nydus-snapshotter']?.named;
  if (version !== undefined) return revisionOf(repository, version, options);
  throw new ConfigError(
    `KATA_NYDUS=source: versions.yaml of ${packaging.name} names no nydus-snapshotter; set KATA_NYDUS_VERSION`,
  );
}

async function revisionOf(
  repository: string,
  version: string,
  { signal, store }: Pick<Lookups, 'store' | 'signal'>,
): Promise<SourceRevision> {
  const given = `KATA_NYDUS_REPO=${repository}, KATA_NYDUS_VERSION=${version}`;
  const snapshot = await findGiven(given, repository, (parsed) => resolveRevision(parsed, version, store, signal));
  return { snapshot, name: describeSnapshot(snapshot, 'KATA_NYDUS_VERSION') };
}
