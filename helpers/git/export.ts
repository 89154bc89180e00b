import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { HarnessError } from '../errors.ts';
import { fileExists } from '../files.ts';
import { ExecError } from '../process/exec.ts';
import { git, revParse } from './command.ts';
import { type PlainGit, withPlainGit } from './plain.ts';
import { displayRepository } from './repository.ts';
import { besideRepository, FULL_ID, objectsOf, type Snapshot, WORKTREE } from './snapshot.ts';
import type { GitStore } from './store.ts';

/** Result of the export of a git snapshot. */
export interface Exported {
  /**
   * Descriptions of entries of the snapshot that the repository does not contain: files of a partial clone, submodules.
   */
  readonly leftOut: readonly string[];
}

/**
 * Writes the files of a snapshot into an empty directory, byte for byte as in the repository, regardless of its attributes.
 * `store` keeps fetched commits, so that each is fetched once; a local repository is read in place and not changed.
 */
export async function exportSnapshot(
  snapshot: Snapshot,
  store: GitStore,
  directory: string,
  signal?: AbortSignal,
): Promise<Exported> {
  const { id } = snapshot;
  const objects = await objectsWith(snapshot, store, signal);
  const leftOut = await withPlainGit(
    directory,
    objects,
    async (plain) => {
      const { missing, submodules } = await lackingIn(id, plain);
      await plain(['read-tree', id]);
      const removed = Buffer.from(missing.map((path) => `${path}\0`).join(''), 'latin1');
      await plain(['update-index', '-z', '--force-remove', '--stdin'], { input: removed });
      // Files get the current time as mtime: with the commit's date, cargo and make would consider older outputs up to date.
      await plain(['checkout-index', '--all']);
      return [...missing.map(decoded), ...submodules.map((path) => `submodule ${decoded(path)}`)];
    },
    signal,
  );
  await nameCommit(directory, id);
  return { leftOut };
}

/**
 * Brings the files that an earlier call wrote into a directory to those of a snapshot: writes only files whose content differs, so that the
 * others keep their times, and leaves files alone that no snapshot had, such as outputs of builds. `index` is the path of a file that belongs to
 * the directory. The repository must contain every file of the snapshot.
 */
export async function updateExport(
  snapshot: Snapshot,
  store: GitStore,
  { directory, index }: { readonly directory: string; readonly index: string },
  signal?: AbortSignal,
): Promise<Exported> {
  const { id } = snapshot;
  const objects = await objectsWith(snapshot, store, signal);
  const use = async (plain: PlainGit): Promise<Exported> => {
    const { missing, submodules } = await lackingIn(id, plain);
    if (missing.length > 0)
      throw new HarnessError('git', `the repository does not contain ${decoded(missing[0] ?? '')}`);
    // Compares contents: builds change the owners of files, and so what git remembers of them.
    await plain(['update-index', '-q', '--refresh'], { okCodes: [0, 1] });
    await plain(['read-tree', '--reset', '-u', id]);
    return { leftOut: submodules.map((path) => `submodule ${decoded(path)}`) };
  };
  const exported = await withPlainGit(directory, { ...objects, GIT_INDEX_FILE: index }, use, signal);
  // A build may have made a link of it, which must not lead anywhere else.
  await rm(join(directory, '.git'), { recursive: true, force: true });
  await nameCommit(directory, id);
  return exported;
}

/** Environment with which git finds the objects of a snapshot, which is fetched before if its repository is a remote one. */
async function objectsWith(snapshot: Snapshot, store: GitStore, signal?: AbortSignal): Promise<Record<string, string>> {
  const { repository, revision } = snapshot;
  const from = repository.kind === 'local' ? repository.path : await fetchSnapshot(snapshot, store, signal);
  if (revision === WORKTREE) return besideRepository(from, store.directory);
  return { GIT_OBJECT_DIRECTORY: await objectsOf(from) };
}

/** What git says about a path that a commit does not have. */
const NO_FILE = /^fatal: path '.*' (does not exist|exists on disk, but not) in /m;

/** Reads the text of one file of a git snapshot. */
export async function readFileOf(
  snapshot: Snapshot,
  path: string,
  store: GitStore,
  signal?: AbortSignal,
): Promise<string> {
  const text = await readFileIfIn(snapshot, path, store, signal);
  if (text !== undefined) return text;
  const { id, repository } = snapshot;
  throw new HarnessError('git', `${displayRepository(repository)} at ${id.slice(0, 10)} has no file ${path}`);
}

/** Reads the text of one file of a git snapshot; `undefined` if the snapshot does not have it. */
export async function readFileIfIn(
  snapshot: Snapshot,
  path: string,
  store: GitStore,
  signal?: AbortSignal,
): Promise<string | undefined> {
  const from = await fetchSnapshot(snapshot, store, signal);
  const env = snapshot.revision === WORKTREE ? { env: await besideRepository(from, store.directory) } : {};
  return git(from, ['show', `${snapshot.id}:${path}`], { signal, ...env }).catch((cause: unknown) => {
    if (cause instanceof ExecError && NO_FILE.test(cause.stderr)) return undefined;
    throw cause;
  });
}

/**
 * The entries of a git snapshot in the format of `git ls-tree -r`. They include submodules, which an export leaves out.
 */
export async function listFiles(snapshot: Snapshot, store: GitStore, signal?: AbortSignal): Promise<string> {
  const from = await fetchSnapshot(snapshot, store, signal);
  const env = snapshot.revision === WORKTREE ? { env: await besideRepository(from, store.directory) } : {};
  return git(from, ['ls-tree', '-r', '--full-tree', snapshot.id], { signal, ...env });
}

/** Creates a minimal .git: Kata's makefiles run git to get the commit they build. */
async function nameCommit(directory: string, id: string): Promise<void> {
  for (const name of ['objects', 'refs']) await mkdir(join(directory, '.git', name), { recursive: true });
  await writeFile(join(directory, '.git/HEAD'), `${id}\n`);
}

/** Path of this project's own git repository of fetched commits. */
export function mirrorIn(store: string): string {
  return join(store, 'mirror.git');
}

/** Ref under which this project's git repository keeps a fetched commit. */
export function keptRef(id: string): string {
  return `refs/kept/${id}`;
}

/**
 * Fetches a commit from a remote repository, without history, unless it was fetched before. Returns the repository that
 * has the commit.
 */
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
    // The commit is then fetched by its ref: some servers do not serve a commit by its id.
    if (FULL_ID.test(revision) || signal?.aborted) throw error;
    await fetch(revision);
    if ((await revParse(mirror, [kept], signal)) !== id) {
      await git(mirror, ['update-ref', '-d', kept]);
      const name = displayRepository(repository);
      throw new HarnessError('git', `${revision} of ${name} moved during the fetch; run the command again`, {
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
