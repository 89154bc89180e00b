import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { HarnessError } from '../errors.ts';
import { fileExists } from '../files.ts';
import { git, revParse } from './command.ts';
import { type PlainGit, withPlainGit } from './plain.ts';
import { displayRepository } from './repository.ts';
import { besideRepository, FULL_ID, objectsOf, type Snapshot, WORKTREE } from './snapshot.ts';
import type { GitStore } from './store.ts';

/** What an exported tree lacks. */
export interface Exported {
  /** What a snapshot names and its repository does not hold, in words: files of a partial clone, submodules. */
  readonly leftOut: readonly string[];
}

/**
 * Writes the files of a snapshot into an empty directory, byte for byte as the repository holds them and whatever its
 * attributes say. `store` keeps what was fetched, so that it is fetched once; a repository on this machine is read where
 * it is, and nothing in it is changed.
 */
export async function exportSnapshot(
  snapshot: Snapshot,
  store: GitStore,
  directory: string,
  signal?: AbortSignal,
): Promise<Exported> {
  const { id, repository, revision } = snapshot;
  const from = repository.kind === 'local' ? repository.path : await fetchSnapshot(snapshot, store, signal);
  const objects =
    revision === WORKTREE
      ? await besideRepository(from, store.directory)
      : { GIT_OBJECT_DIRECTORY: await objectsOf(from) };
  const leftOut = await withPlainGit(
    directory,
    objects,
    async (plain) => {
      const { missing, submodules } = await lackingIn(id, plain);
      await plain(['read-tree', id]);
      const removed = Buffer.from(missing.map((path) => `${path}\0`).join(''), 'latin1');
      await plain(['update-index', '-z', '--force-remove', '--stdin'], { input: removed });
      // Files are new as of now: with the commit's date cargo and make would consider older outputs up to date.
      await plain(['checkout-index', '--all']);
      return [...missing.map(decoded), ...submodules.map((path) => `submodule ${decoded(path)}`)];
    },
    signal,
  );
  await nameCommit(directory, id);
  return { leftOut };
}

/** Text of a file of a snapshot. */
export async function readFileOf(
  snapshot: Snapshot,
  path: string,
  store: GitStore,
  signal?: AbortSignal,
): Promise<string> {
  const from = await fetchSnapshot(snapshot, store, signal);
  const env = snapshot.revision === WORKTREE ? { env: await besideRepository(from, store.directory) } : {};
  return git(from, ['show', `${snapshot.id}:${path}`], { signal, ...env });
}

/** The entries of a snapshot, as `git ls-tree -r` lists them: submodules are among them, and in no export. */
export async function listFiles(snapshot: Snapshot, store: GitStore, signal?: AbortSignal): Promise<string> {
  const from = await fetchSnapshot(snapshot, store, signal);
  const env = snapshot.revision === WORKTREE ? { env: await besideRepository(from, store.directory) } : {};
  return git(from, ['ls-tree', '-r', '--full-tree', snapshot.id], { signal, ...env });
}

/** Kata's makefiles ask git for the commit they build: enough of a repository to answer that, and nothing else. */
async function nameCommit(directory: string, id: string): Promise<void> {
  for (const name of ['objects', 'refs']) await mkdir(join(directory, '.git', name), { recursive: true });
  await writeFile(join(directory, '.git/HEAD'), `${id}\n`);
}

/** Our repository, of what was fetched from others. */
export function mirrorIn(store: string): string {
  return join(store, 'mirror.git');
}

/** Under which name a fetched commit is kept there. */
export function keptRef(id: string): string {
  return `refs/kept/${id}`;
}

/** Fetches one commit of a remote repository, without its history, unless it is there. Gives our repository. */
export async function fetchSnapshot(snapshot: Snapshot, store: GitStore, signal?: AbortSignal): Promise<string> {
  const { id, repository, revision } = snapshot;
  if (repository.kind === 'local') return repository.path;
  const mirror = mirrorIn(store.directory);
  if (!(await fileExists(join(mirror, 'HEAD')))) {
    await mkdir(mirror, { recursive: true, mode: 0o700 });
    await git(mirror, ['init', '--bare', '--quiet', '.'], { signal });
  }
  const kept = keptRef(id);
  if ((await revParse(mirror, [kept], signal)) !== undefined) return mirror;
  const fetch = (what: string): Promise<string> =>
    git(mirror, ['fetch', '--quiet', '--no-tags', '--depth=1', '--', repository.url, `+${what}:${kept}`], {
      env: store.env,
      signal,
    });
  try {
    await fetch(id);
  } catch (error) {
    // Some servers give only what has a name.
    if (FULL_ID.test(revision) || signal?.aborted) throw error;
    await fetch(revision);
    if ((await revParse(mirror, [kept], signal)) !== id) {
      await git(mirror, ['update-ref', '-d', kept]);
      const name = displayRepository(repository);
      throw new HarnessError('git', `${revision} of ${name} moved while it was fetched; run this again`, {
        cause: error,
      });
    }
  }
  return mirror;
}

async function lackingIn(id: string, plain: PlainGit): Promise<{ missing: string[]; submodules: string[] }> {
  const entries = (await plain(['ls-tree', '-r', '-z', id])).split('\0').flatMap((entry) => {
    const [, kind = '', object = '', path = ''] = /^\d+ (\w+) ([0-9a-f]+)\t(.*)$/s.exec(entry) ?? [];
    return path === '' ? [] : [{ kind, object, path }];
  });
  const files = entries.filter(({ kind }) => kind === 'blob');
  const input = files.map(({ object }) => `${object}\n`).join('');
  const checked = (await plain(['cat-file', '--batch-check'], { input })).split('\n');
  return {
    missing: files.flatMap(({ path }, index) => (checked[index]?.endsWith(' missing') ? [path] : [])),
    submodules: entries.flatMap(({ kind, path }) => (kind === 'commit' ? [path] : [])),
  };
}

function decoded(path: string): string {
  return Buffer.from(path, 'latin1').toString('utf8');
}
