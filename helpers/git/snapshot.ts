import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { HarnessError } from '../errors.ts';
import { fileExists } from '../files.ts';
import type { Environment } from '../process/exec.ts';
import { git, revParse } from './command.ts';
import { withPlainGit } from './plain.ts';
import { displayRepository, type Repository } from './repository.ts';
import type { GitStore } from './store.ts';
import { listWorkingDirectory } from './working-directory.ts';

/** An immutable state of a git repository: a commit, or the tree of a working directory at one moment. */
export interface Snapshot {
  readonly repository: Repository;
  /** The requested git revision: a branch, tag, commit, `refs/pull/N/head`, or `worktree`. */
  readonly revision: string;
  /** Id of the snapshot: 40 hexadecimal digits of a commit or tree. */
  readonly id: string;
  /** Number of files with uncommitted changes in a local working directory; the snapshot does not include these changes. */
  readonly uncommitted: number;
  /** Descriptions of entries of a working directory that the snapshot leaves out. */
  readonly leftOut?: readonly string[];
}

/** The revision name `worktree` stands for a local working directory including its uncommitted files. */
export const WORKTREE = 'worktree';

/** A full git commit id, which needs no look-up. */
export const FULL_ID = /^[0-9a-f]{40}$/;

const LOOK_UP_MS = 20_000;

/** Resolves a git revision to the commit or tree it currently points at. Rejects with a one-line error. */
export async function resolveRevision(
  repository: Repository,
  revision: string,
  store: GitStore,
  signal?: AbortSignal,
): Promise<Snapshot> {
  if (repository.kind === 'remote') {
    return {
      repository,
      revision,
      uncommitted: 0,
      id: await resolveRemote(repository.url, revision, store.env, signal),
    };
  }
  const { path } = repository;
  await requireDirectory(path);
  if (revision === WORKTREE) {
    return { repository, revision, uncommitted: 0, ...(await treeOfWorkingDirectory(path, store.directory, signal)) };
  }
  const id = await revParse(path, [revision, `origin/${revision}`], signal);
  if (id === undefined) throw new HarnessError('git', `${path} has no branch, tag or commit ${revision}`);
  return { repository, revision, id, uncommitted: await countUncommitted(path, signal) };
}

/** Rejects if a local path is not a git repository. Remote repositories are not checked. */
export async function requireRepository(repository: Repository, signal?: AbortSignal): Promise<void> {
  if (repository.kind === 'remote') return;
  await requireDirectory(repository.path);
  // git fails here outside of a repository.
  await isBare(repository.path, signal);
}

async function requireDirectory(path: string): Promise<void> {
  if (!(await fileExists(path))) throw new HarnessError('git', `${path}: no such directory`);
}

/**
 * Environment that makes git write the objects of a working directory to `store` and read the repository's objects too, so that
 * the repository itself is not changed.
 */
export async function besideRepository(path: string, store: string): Promise<Record<string, string>> {
  const objects = join(store, 'worktree-objects');
  await mkdir(objects, { recursive: true, mode: 0o700 });
  return { GIT_OBJECT_DIRECTORY: objects, GIT_ALTERNATE_OBJECT_DIRECTORIES: alternate(await objectsOf(path)) };
}

/** The object directory of a git repository. */
export async function objectsOf(path: string): Promise<string> {
  const args = ['rev-parse', '--path-format=absolute', '--git-path', 'objects'];
  return (await git(path, args)).replace(/\n$/, '');
}

/** Quotes a directory as one entry of the colon-separated list GIT_ALTERNATE_OBJECT_DIRECTORIES. Source: git(1). */
function alternate(directory: string): string {
  return /^[^":]*$/.test(directory) ? directory : `"${directory.replaceAll(/["\\]/g, '\\$&')}"`;
}

async function resolveRemote(
  url: string,
  revision: string,
  env: Environment,
  signal: AbortSignal | undefined,
): Promise<string> {
  if (FULL_ID.test(revision)) return revision;
  const names = [`refs/tags/${revision}^{}`, `refs/tags/${revision}`, `refs/heads/${revision}`, revision];
  const listed = await git('/', ['ls-remote', '--', url, ...names], { env, signal, timeoutMs: LOOK_UP_MS });
  const found = new Map(listed.split('\n').map((line) => line.split('\t').reverse() as [string, string]));
  // git ls-remote lists an annotated tag twice; the commit that the tag points at has precedence.
  const id = names.flatMap((name) => found.get(name) ?? [])[0];
  if (id !== undefined) return id;
  const hint = /^[0-9a-f]{7,39}$/.test(revision) ? '; a commit needs all 40 digits' : '';
  throw new HarnessError(
    'git',
    `${displayRepository({ kind: 'remote', url })} has no branch, tag or ref ${revision}${hint}`,
  );
}

async function isBare(path: string, signal: AbortSignal | undefined): Promise<boolean> {
  return (await git(path, ['rev-parse', '--is-bare-repository'], { signal })).trim() === 'true';
}

async function countUncommitted(path: string, signal: AbortSignal | undefined): Promise<number> {
  if (await isBare(path, signal)) return 0;
  // git status gets explicit options, so that the user's git settings have no effect.
  const status = ['status', '--porcelain', '-z', '--untracked-files=normal', '--no-renames'];
  return (await git(path, status, { signal })).split('\0').filter(Boolean).length;
}

/** Writes the tree of a working directory into the object directory `store`. */
async function treeOfWorkingDirectory(
  path: string,
  store: string,
  signal: AbortSignal | undefined,
): Promise<Pick<Snapshot, 'id' | 'leftOut'>> {
  if (await isBare(path, signal))
    throw new HarnessError(
      'git',
      `${path} is a bare repository without a working directory; use a branch, tag or commit`,
    );
  const top = (await git(path, ['rev-parse', '--show-toplevel'], { signal })).replace(/\n$/, '');
  const { files, leftOut, sparse } = await listWorkingDirectory(top, signal);
  const id = await withPlainGit(
    top,
    await besideRepository(top, store),
    async (plain) => {
      const list = (lines: readonly string[]): Buffer =>
        Buffer.from(lines.map((line) => `${line}\0`).join(''), 'latin1');
      await plain(['update-index', '-z', '--index-info'], { input: list(sparse) });
      await plain(['update-index', '-z', '--add', '--stdin'], { input: list(files) });
      return (await plain(['write-tree', '--missing-ok'])).trim();
    },
    signal,
  );
  return { id, leftOut };
}
