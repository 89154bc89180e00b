import { readFileOf } from '../../helpers/git/export.ts';
import { fetchedIn, listSnapshot } from '../../helpers/git/listing.ts';
import type { GitStore } from '../../helpers/git/store.ts';
import { type DeclaredVersions, parseDeclaredVersions } from '../../helpers/kata/declared-versions.ts';
import type { SourceRevision } from './resolved.ts';

interface Options {
  readonly store: GitStore;
  readonly signal?: AbortSignal | undefined;
}

/** The versions that a revision of Kata declares, which is fetched if necessary; none for one without a versions.yaml. */
export async function declaredBy(
  { name, snapshot }: SourceRevision,
  { signal, store }: Options,
): Promise<DeclaredVersions> {
  const listing = await listSnapshot(snapshot, store.directory, signal);
  if (listing !== undefined && listing['versions.yaml'] === undefined) return {};
  return parseDeclaredVersions(await readFileOf(snapshot, 'versions.yaml', store, signal), name);
}

/** As {@link declaredBy}, without a network: `undefined` for a remote commit that was never fetched. */
export async function declaredIfFetched(
  revision: SourceRevision,
  options: Options,
): Promise<DeclaredVersions | undefined> {
  const here = await fetchedIn(revision.snapshot, options.store.directory, options.signal);
  return here === undefined ? undefined : declaredBy(revision, options);
}
