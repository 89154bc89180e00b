import type { Stats } from 'node:fs';
import { lstat } from 'node:fs/promises';
import { posix } from 'node:path';
import { HarnessError, messageOf } from '../errors.ts';
import { git } from './command.ts';

/** Content of a git working directory. Paths are relative to its top and have one character per byte. */
export interface WorkingDirectory {
  /** Regular files and symbolic links of the working directory. */
  readonly files: readonly string[];
  /** Files that a sparse checkout leaves out, as index entries for `git update-index --index-info`. */
  readonly sparse: readonly string[];
  /** Descriptions of entries that are not included: special files, and submodules that are not checked out. */
  readonly leftOut: readonly string[];
}

/**
 * Lists the files of a working directory, committed or not, except ignored ones. Includes files of submodules and of other
 * repositories inside it, each with its own ignore rules.
 */
export async function listWorkingDirectory(top: string, signal?: AbortSignal): Promise<WorkingDirectory> {
  const seen: MutableListing = { files: [], sparse: [], leftOut: [] };
  const lookUp = statOnce(top);
  await addRepository('', { top, seen, lookUp, signal });
  return seen;
}

type MutableListing = { readonly [Key in keyof WorkingDirectory]: string[] };

interface ListingState {
  readonly top: string;
  readonly seen: MutableListing;
  readonly lookUp: (path: string) => Promise<Stats | undefined>;
  readonly signal: AbortSignal | undefined;
}

/**
 * A line of `git ls-files`: tag (`S` if a sparse checkout leaves the file out), mode, object, path. A path in conflict
 * has up to three lines.
 */
const ENTRY = /^(\S) (\d+) ([0-9a-f]+) \d\t(.*)$/s;
const SUBMODULE = '160000';

async function addRepository(prefix: string, looking: ListingState): Promise<void> {
  const { seen } = looking;
  const [index, others] = [
    await list(prefix, ['--cached', '--stage', '-t'], looking),
    await list(prefix, ['--others', '--exclude-standard'], looking),
  ];
  const tracked = new Map(index.map((line) => ENTRY.exec(line) ?? []).map(([, ...rest]) => [rest[3] ?? '', rest]));
  for (const [name, [tag, mode, object]] of tracked) {
    const path = `${prefix}${name}`;
    if (mode === SUBMODULE) await addSubmodule(path, looking);
    else if (!(await addFile(path, looking)) && tag === 'S') seen.sparse.push(`${mode} ${object} 0\t${path}`);
  }
  for (const name of others) {
    if (name.endsWith('/')) await addRepository(`${prefix}${name}`, looking);
    else await addFile(`${prefix}${name}`, looking);
  }
}

async function addSubmodule(path: string, looking: ListingState): Promise<void> {
  const checkedOut = (await looking.lookUp(`${path}/.git`)) !== undefined;
  if (checkedOut) await addRepository(`${path}/`, looking);
  else if (await looking.lookUp(path)) looking.seen.leftOut.push(`submodule ${shown(path)}, which is not checked out`);
}

/**
 * Adds a file to the listing; returns whether the file exists. A file that was deleted or replaced by a directory is
 * not reported as left out.
 */
async function addFile(path: string, { lookUp, seen }: ListingState): Promise<boolean> {
  const found = await lookUp(path);
  if (found === undefined || found.isDirectory()) return false;
  if (found.isFile() || found.isSymbolicLink()) seen.files.push(path);
  else seen.leftOut.push(`${shown(path)}, which is not a regular file`);
  return true;
}

async function list(prefix: string, what: readonly string[], { signal, top }: ListingState): Promise<string[]> {
  const directory = Buffer.from(prefix, 'latin1').toString('utf8');
  try {
    const listed = await git(`${top}/${directory}`, ['ls-files', '-z', ...what], { bytes: true, signal });
    return listed.split('\0').filter(Boolean);
  } catch (cause) {
    if (prefix === '' || signal?.aborted) throw cause;
    const remedy = 'remove it, or add it to .gitignore';
    const problem = `${top}/${directory} is a repository that git cannot read; ${remedy}: ${messageOf(cause)}`;
    throw new HarnessError('git', problem, { cause });
  }
}

/**
 * Returns a function that looks up a path only once. It does not follow symbolic links: their targets are not part of
 * the directory.
 */
function statOnce(top: string): ListingState['lookUp'] {
  const known = new Map<string, Promise<Stats | undefined>>();
  const lookUp = (path: string): Promise<Stats | undefined> => {
    const found = known.get(path) ?? look(path);
    known.set(path, found);
    return found;
  };
  const look = async (path: string): Promise<Stats | undefined> => {
    const parent = posix.dirname(path);
    if (parent !== '.' && !(await lookUp(parent))?.isDirectory()) return undefined;
    return lstat(Buffer.from(`${Buffer.from(top).toString('latin1')}/${path}`, 'latin1')).catch(noneIfMissing);
  };
  return lookUp;
}

function noneIfMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT' && error.code !== 'ENOTDIR') throw error;
}

function shown(path: string): string {
  return Buffer.from(path, 'latin1').toString('utf8');
}
