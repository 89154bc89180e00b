import { randomUUID } from 'node:crypto';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileExists, jsonObject, readIfThere } from '../files.ts';
import { git, revParse } from './command.ts';
import { keptRef, mirrorIn } from './export.ts';
import type { Listing } from './part.ts';
import { besideRepository, type Snapshot, WORKTREE } from './snapshot.ts';

/**
 * Depth of a listing of a repository's paths: enough to distinguish `tools/packaging/kernel` from
 * `tools/packaging/qemu`.
 */
const DEPTH = 3;

/**
 * Lists the paths of a git snapshot down to the third level; `undefined` for a remote commit that was never fetched.
 * `store` keeps the listing of a commit, so that artefacts built from it are recognised even if the repository cannot
 * be reached.
 */
export async function listSnapshot(
  snapshot: Snapshot,
  store: string,
  signal?: AbortSignal,
): Promise<Listing | undefined> {
  const remembered = await rememberedListing(snapshot.id, store);
  if (remembered !== undefined) return remembered;
  const from = await fetchedIn(snapshot, store, signal);
  if (from === undefined) return undefined;
  const worktree = snapshot.revision === WORKTREE;
  const env = worktree ? { env: await besideRepository(from, store) } : {};
  const listing = parseListing(
    await git(from, ['ls-tree', '-r', '-t', '-z', '--full-tree', snapshot.id], { signal, ...env }),
  );
  // Only listings of commits are stored. Git's tree of a working directory has a new id after each change of a file.
  if (!worktree) await remember(snapshot.id, listing, store);
  return listing;
}

/** The stored listing of a commit; `undefined` if there is none. */
export async function rememberedListing(id: string, store: string): Promise<Listing | undefined> {
  const text = await readIfThere(fileOf(id, store));
  return text === undefined ? undefined : (jsonObject(text) as Listing | undefined);
}

/** The repository on this machine that has a snapshot; `undefined` for a remote commit that was never fetched. */
export async function fetchedIn(
  { id, repository }: Snapshot,
  store: string,
  signal?: AbortSignal,
): Promise<string | undefined> {
  if (repository.kind === 'local') return repository.path;
  const mirror = mirrorIn(store);
  const fetched = (await fileExists(mirror)) && (await revParse(mirror, [keptRef(id)], signal)) !== undefined;
  return fetched ? mirror : undefined;
}

function parseListing(listed: string): Listing {
  const entries = listed.split('\0').flatMap((line) => {
    const [, what = '', path = ''] = /^(\d+ \w+ [0-9a-f]+)\t(.*)$/s.exec(line) ?? [];
    return path === '' || path.split('/').length > DEPTH ? [] : [[path, what] as const];
  });
  return Object.fromEntries(entries);
}

async function remember(id: string, listing: Listing, store: string): Promise<void> {
  const file = fileOf(id, store);
  await mkdir(join(file, '..'), { recursive: true, mode: 0o700 });
  // The listing is written to a temporary file and renamed: a concurrent run must not read a half-written file.
  const temporary = `${file}.${randomUUID()}`;
  await writeFile(temporary, JSON.stringify(listing));
  await rename(temporary, file);
}

function fileOf(id: string, store: string): string {
  return join(store, 'listings', `${id}.json`);
}
