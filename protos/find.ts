import { type Dirent, existsSync, readdirSync } from 'node:fs';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { ConfigError, messageOf } from '../helpers/errors.ts';

const SKIPPED = new Set(['.git', 'node_modules', 'target', 'vendor']);
const MAX_DEPTH = 8;

/**
 * The directory with the agent's protos in a Kata checkout: the one with both agent.proto and health.proto, at or below
 * `directory`. Kata moved it from src/agent/protocols/protos to src/libs/protocols/protos in 2022. `named` is the
 * prefix of `directory` in errors. Throws {@link ConfigError} if there is none, or more than one.
 */
export function findProtoDirectory(directory: string, named = 'KATA_PROTOS='): string {
  const given = `${named}${directory}`;
  try {
    readdirSync(directory);
  } catch (cause) {
    const relative = isAbsolute(directory) ? '' : ` (${resolve(directory)})`;
    const remedy = /^\w+(?:\+\w+)?:\/\/|^[\w.-]+@[\w.-]+:/.test(directory)
      ? 'clone the repository and name the directory of the clone'
      : messageOf(cause);
    throw new ConfigError(`${given}${relative}: not a readable directory; ${remedy}`, { cause });
  }
  const found = protoFiles(directory)
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

function whyNone(directory: string): string {
  if (existsSync(join(directory, 'HEAD')) && existsSync(join(directory, 'objects'))) {
    return 'a bare repository; check out a revision (git worktree add DIRECTORY REVISION) and name that directory';
  }
  return 'no directory in it has agent.proto and health.proto; name a Kata checkout';
}

/** The .proto files directly in a directory, sorted, as absolute paths. */
export function protoFilesIn(directory: string): string[] {
  const files = entries(directory).filter((entry) => entry.isFile() && entry.name.endsWith('.proto'));
  return files.map((entry) => join(directory, entry.name)).sort();
}

function protoFiles(directory: string, depth = 0): string[] {
  if (depth > MAX_DEPTH) return [];
  const below = entries(directory)
    .filter((entry) => entry.isDirectory() && !SKIPPED.has(entry.name))
    .flatMap((entry) => protoFiles(join(directory, entry.name), depth + 1));
  return [...protoFilesIn(directory), ...below];
}

function entries(directory: string): Dirent[] {
  try {
    return readdirSync(directory, { withFileTypes: true });
  } catch (cause) {
    throw new ConfigError(`cannot read the directory ${directory}: ${messageOf(cause)}`, { cause });
  }
}
