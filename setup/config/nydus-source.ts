import { resolveRevision } from '../../helpers/git/snapshot.ts';
import {
  declaredOrigin,
  declaredRevision,
  type GitLookups,
  type GoLookups,
  type GoProject,
  givenRevision,
  installedGo,
} from './go-source.ts';
import type { NydusOrigin, SourceRevision } from './resolved.ts';
import type { Config } from './validated.ts';

const PROJECT: GoProject = { name: 'nydus-snapshotter', setting: 'KATA_NYDUS', find: resolveRevision };

/**
 * Where the source of nydus-snapshotter comes from. A version of the user's is resolved at once; the one that Kata names is read when it is
 * built, since that may fetch Kata's source. Throws {@link ConfigError}.
 */
export async function nydusOrigin(
  { nydusRepo, nydusVersion }: Pick<Config, 'nydusRepo' | 'nydusVersion'>,
  lookups: GoLookups,
): Promise<NydusOrigin> {
  const go = await installedGo(PROJECT, lookups.go);
  if (nydusVersion === undefined) return { go, ...(await declaredOrigin(PROJECT, nydusRepo, lookups)) };
  return { go, custom: await givenRevision(PROJECT, nydusRepo, nydusVersion, lookups) };
}

/** The revision of nydus-snapshotter to build. Throws {@link ConfigError}. */
export async function nydusSource(
  { custom, packaging, repository }: NydusOrigin,
  options: GitLookups,
): Promise<SourceRevision> {
  if (custom !== undefined) return custom;
  return declaredRevision(PROJECT, repository, { packaging, choose: ({ named }) => named }, options);
}
