import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { HarnessError } from '../errors.ts';
import type { Environment } from '../exec.ts';
import { fileExists } from '../files.ts';
import { git, revParse } from './command.ts';
import { withPlainGit } from './plain.ts';
import { displayRepository, type Repository } from './repository.ts';
import type { GitStore } from './store.ts';
import { listWorkingDirectory } from './working-directory.ts';

/** Something of a repository that never changes: a commit, or the tree of a working directory as it was. */
export interface Snapshot {
  readonly repository: Repository;
  /** What was asked for: a branch, tag, commit, `refs/pull/N/head`, or `worktree`. */
  readonly revision: string;
  /** 40 hexadecimal digits of a commit or tree. */
  readonly id: string;
  /** Files of a local working directory that are not as `id` has them; they are not part of the snapshot. */
  readonly uncommitted: number;
  /** What of a working directory is not part of the snapshot, in words. */
  readonly leftOut?: readonly string[];
}

/** The revision that means a local working directory as it is now, committed or not. */
export const WORKTREE = 'worktree';

/** All digits of a commit: what needs no look-up. */
export const FULL_ID = /^[0-9a-f]{40}$/;

const LOOK_UP_MS = 20_000;

/** Finds out what a revision is at this moment. Rejects with one line of what is wrong. */
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
  if (!(await fileExists(path))) throw new HarnessError('git', `${path}: no such directory`);
  if (revision === WORKTREE) {
    return { repository, revision, uncommitted: 0, ...(await treeOfWorkingDirectory(path, store.directory, signal)) };
  }
  const id = await revParse(path, [revision, `origin/${revision}`], signal);
  if (id === undefined) throw new HarnessError('git', `${path} has no branch, tag or commit ${revision}`);
  return { repository, revision, id, uncommitted: await countUncommitted(path, signal) };
}

/**
 * Environment in which git finds, and puts, the objects of a working directory beside the repository: nothing in the
 * repository itself is changed.
 */
export async function besideRepository(path: string, store: string): Promise<Record<string, string>> {
  const objects = join(store, 'worktree-objects');
  await mkdir(objects, { recursive: true, mode: 0o700 });
  return { GIT_OBJECT_DIRECTORY: objects, GIT_ALTERNATE_OBJECT_DIRECTORIES: alternate(await objectsOf(path)) };
}

/** The directory with the objects of a repository. */
export async function objectsOf(path: string): Promise<string> {
  const args = ['rev-parse', '--path-format=absolute', '--git-path', 'objects'];
  return (await git(path, args)).replace(/\n$/, '');
}

/** A directory as one entry of a list whose entries are separated by colons. Source: git(1). */
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
  // A tag that is an object of its own is listed twice; what it points at comes first here.
  const id = names.flatMap((name) => found.get(name) ?? [])[0];
  if (id !== undefined) return id;
  const hint = /^[0-9a-f]{7,39}$/.test(revision) ? '; of a commit all 40 digits are needed' : '';
  throw new HarnessError('git', `${displayRepository({ kind: 'remote', url })} has no ${revision}${hint}`);
}

async function isBare(path: string, signal: AbortSignal | undefined): Promise<boolean> {
  return (await git(path, ['rev-parse', '--is-bare-repository'], { signal })).trim() === 'true';
}

async function countUncommitted(path: string, signal: AbortSignal | undefined): Promise<number> {
  if (await isBare(path, signal)) return 0;
  // Not as the user's settings would have it shown.
  const status = ['status', '--porcelain', '-z', '--untracked-files=normal', '--no-renames'];
  return (await git(path, status, { signal })).split('\0').filter(Boolean).length;
}

/** Writes the tree of a working directory into `store`. */
async function treeOfWorkingDirectory(
  path: string,
  store: string,
  signal: AbortSignal | undefined,
): Promise<Pick<Snapshot, 'id' | 'leftOut'>> {
  if (await isBare(path, signal))
    throw new HarnessError('git', `${path} is a bare repository, it has no working directory`);
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
