import { type Dirent, existsSync, readdirSync, statSync } from 'node:fs';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { ConfigError, messageOf } from '../helpers/errors.ts';

const SKIPPED = new Set(['.git', 'node_modules', 'target', 'vendor']);
const MAX_DEPTH = 8;
/** Number of directories above which a directory is not searched for protos; a Kata checkout has about 2,000. */
const MOST = 20_000;
const TOO_LARGE = 'too large to be searched for protos; name a Kata checkout';

/**
 * The directory with the agent's protos in a Kata checkout: the one with both agent.proto and health.proto, at or below
 * `directory`. Kata moved it from src/agent/protocols/protos to src/libs/protocols/protos in 2022. `named` is the
 * prefix of `directory` in errors. Throws {@link ConfigError} if there is none, or more than one, or if the directory
 * is too large to be a checkout, such as `/`.
 */
export function findProtoDirectory(directory: string, named = 'KATA_PROTOS='): string {
  const given = `${named}${directory}`;
  const found = searched(directory, isAbsolute(directory) ? given : `${given} (${resolve(directory)})`)
    .filter((file) => file.endsWith('/agent.proto'))
    .map((file) => dirname(file))
    .filter((candidate) => existsSync(join(candidate, 'health.proto')));
  const [first, ...others] = found;
  if (first === undefined) throw new ConfigError(`${given}: ${whyNone(directory)}`);
  if (others.length > 0) {
    throw new ConfigError(`${given}: several directories have an agent.proto; name one of ${found.join(', ')}`);
  }
  return first;
}

/** The .proto files at or below a directory. `where` is the prefix of errors. */
function searched(directory: string, where: string): string[] {
  const problem = whyNotSearched(directory);
  if (problem !== undefined) throw new ConfigError(`${where}: ${problem}`);
  try {
    return protoFiles(directory);
  } catch (cause) {
    throw new ConfigError(`${where}: ${messageOf(cause)}`, { cause });
  }
}

function whyNotSearched(directory: string): string | undefined {
  const found = statSync(directory, { throwIfNoEntry: false });
  if (found?.isDirectory()) return resolve(directory) === '/' ? TOO_LARGE : undefined;
  if (found !== undefined) return 'it is not a directory';
  return /^\w+(?:\+\w+)?:\/\/|^[\w.-]+@[\w.-]+:/.test(directory)
    ? 'not a readable directory; clone the repository and name the directory of the clone'
    : 'no such directory';
}

function whyNone(directory: string): string {
  if (existsSync(join(directory, 'HEAD')) && existsSync(join(directory, 'objects'))) {
    return 'a bare repository; check out a revision (git worktree add DIRECTORY REVISION) and name that directory';
  }
  return 'no directory in it has agent.proto and health.proto; name a Kata checkout';
}

/** The .proto files directly in a directory, sorted, as absolute paths. */
export function protoFilesIn(directory: string): string[] {
  return protosAmong(directory, entries(directory));
}

/** The .proto files at or below a directory. Counts all directories, and reports an unreadable one after the count. */
function protoFiles(directory: string): string[] {
  const files: string[] = [];
  const unreadable: unknown[] = [];
  let seen = 0;
  const visit = (at: string, depth: number): void => {
    if (seen > MOST) throw new ConfigError(TOO_LARGE);
    seen += 1;
    const searches = depth <= MAX_DEPTH;
    let found: Dirent[] = [];
    try {
      found = entries(at);
    } catch (error) {
      if (searches) unreadable.push(error);
    }
    if (searches) files.push(...protosAmong(at, found));
    for (const entry of found) {
      if (entry.isDirectory() && !SKIPPED.has(entry.name)) visit(join(at, entry.name), depth + 1);
    }
  };
  visit(directory, 0);
  if (unreadable.length > 0) throw unreadable[0];
  return files;
}

function protosAmong(directory: string, found: readonly Dirent[]): string[] {
  const files = found.filter((entry) => entry.isFile() && entry.name.endsWith('.proto'));
  return files.map((entry) => join(directory, entry.name)).sort();
}

function entries(directory: string): Dirent[] {
  try {
    return readdirSync(directory, { withFileTypes: true });
  } catch (cause) {
    throw new ConfigError(`cannot read the directory ${directory}: ${messageOf(cause)}`, { cause });
  }
}
