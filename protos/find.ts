import { type Dirent, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ConfigError, messageOf } from '../helpers/errors.ts';

const SKIPPED = new Set(['.git', 'node_modules', 'target', 'vendor']);
const MAX_DEPTH = 8;

/**
 * The directory of a Kata checkout that holds the agent's protos: the one with both agent.proto and health.proto, at or
 * below `directory`. Kata moved it from src/agent/protocols/protos to src/libs/protocols/protos in 2022.
 * `named` is how the user gave it. Throws {@link ConfigError} when there is none, or more than one.
 */
export function findProtoDirectory(directory: string, named = 'KATA_PROTOS='): string {
  const found = protoFiles(directory)
    .filter((file) => file.endsWith('/agent.proto'))
    .map((file) => dirname(file))
    .filter((candidate) => entries(candidate).some((entry) => entry.name === 'health.proto'));
  const [first, ...others] = found;
  if (first === undefined) {
    throw new ConfigError(
      `${named}${directory}: no directory with agent.proto and health.proto in it; point it at a Kata checkout`,
    );
  }
  if (others.length > 0) {
    throw new ConfigError(`${named}${directory}: more than one has an agent.proto, name one: ${found.join(', ')}`);
  }
  return first;
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
    throw new ConfigError(`KATA_PROTOS: cannot read the directory ${directory}: ${messageOf(cause)}`, { cause });
  }
}
