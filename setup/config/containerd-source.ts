import { isReleaseLine, newestRelease } from '../../helpers/git/releases.ts';
import { resolveRevision } from '../../helpers/git/snapshot.ts';
import type { DeclaredVersion } from '../../helpers/kata/declared-versions.ts';
import {
  declaredOrigin,
  declaredRevision,
  type GitLookups,
  type GoLookups,
  type GoProject,
  givenRevision,
  installedGo,
} from './go-source.ts';
import type { ContainerdOrigin, SourceRevision } from './resolved.ts';
import type { Config } from './validated.ts';

/** Versions that stand for an entry of Kata's versions.yaml. */
const DECLARED = ['minimum', 'latest'] as const;

const PROJECT: GoProject = {
  name: 'containerd',
  setting: 'KATA_CONTAINERD',
  async find(repository, version, store, signal) {
    const revision = isReleaseLine(version) ? await newestRelease(repository, version, store, signal) : version;
    return resolveRevision(repository, revision, store, signal);
  },
};

/**
 * Where the source of containerd comes from. A version of the user's is resolved at once; one that Kata declares is read when it is built, since that may
 * fetch Kata's source. Throws {@link ConfigError}.
 */
export async function containerdOrigin(
  { containerdRepo, containerdVersion }: Pick<Config, 'containerdRepo' | 'containerdVersion'>,
  lookups: GoLookups,
): Promise<ContainerdOrigin> {
  const go = await installedGo(PROJECT, lookups.go);
  const which = DECLARED.find((name) => name === containerdVersion);
  if (which !== undefined) return { go, declared: which, ...(await declaredOrigin(PROJECT, containerdRepo, lookups)) };
  return { go, custom: await givenRevision(PROJECT, containerdRepo, containerdVersion, lookups) };
}

/** The revision of containerd to build. Throws {@link ConfigError}. */
export async function containerdSource(
  { custom, declared, packaging, repository }: ContainerdOrigin,
  options: GitLookups,
): Promise<SourceRevision> {
  if (custom !== undefined) return custom;
  const choose = (entry: DeclaredVersion): string | undefined => entry[declared] ?? entry.named;
  return declaredRevision(PROJECT, repository, { packaging, choose }, options);
}
