import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { HarnessError } from '../errors.ts';
import { type RunOptions, run } from '../exec.ts';
import { fileExists } from '../files.ts';
import { git, revParse } from './command.ts';
import { displayRepository } from './repository.ts';
import { besideRepository, FULL_ID, type Snapshot, WORKTREE } from './snapshot.ts';
import type { GitStore } from './store.ts';

/** What an exported tree lacks. */
export interface Exported {
  /** Files the repository names but does not hold, as partial clones do. */
  readonly missing: readonly string[];
}

/**
 * Writes the files of a snapshot into an empty directory. `store` keeps what was fetched, so that it is fetched once;
 * a repository on this machine is read where it is, and nothing in it is changed.
 */
export async function exportSnapshot(
  snapshot: Snapshot,
  store: GitStore,
  directory: string,
  signal?: AbortSignal,
): Promise<Exported> {
  const { id, repository, revision } = snapshot;
  const from = repository.kind === 'local' ? repository.path : await fetchSnapshot(snapshot, store, signal);
  const options = { signal, ...(revision === WORKTREE ? { env: await besideRepository(from, store.directory) } : {}) };
  const missing = await missingFiles(from, id, options);
  const archive = join(directory, '.archive.tar');
  const without = missing.map((path) => `:(exclude,literal)${path}`);
  await git(from, ['archive', '--format=tar', '--output', archive, id, '--', '.', ...without], options);
  // New as of now: by the commit's date, whoever compares times (cargo, make) would take an older build for a newer one.
  await run(['tar', '-C', directory, '--touch', '-xf', archive], { signal });
  await rm(archive);
  await nameCommit(directory, id);
  return { missing };
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
  return git(from, ['ls-tree', '-r', snapshot.id], { signal, ...env });
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

async function missingFiles(from: string, id: string, options: RunOptions): Promise<string[]> {
  const tree = (await git(from, ['ls-tree', '-r', '-z', id], options)).split('\0').filter(Boolean);
  const files = tree.flatMap((entry) => {
    const [, blob = '', path = ''] = /^\d+ blob ([0-9a-f]+)\t(.*)$/s.exec(entry) ?? [];
    return blob === '' ? [] : [{ blob, path }];
  });
  const input = files.map(({ blob }) => blob).join('\n');
  const checked = (await git(from, ['cat-file', '--batch-check'], { ...options, input })).split('\n');
  return files.flatMap(({ path }, index) => (checked[index]?.endsWith(' missing') ? [path] : []));
}
