import { readdirSync, statSync } from 'node:fs';
import { isAbsolute, join, resolve } from 'node:path';
import { ConfigError, messageOf } from '../helpers/errors.ts';
import { findProtoDirectory } from './find.ts';

/** Number of directories above which a directory is not searched for protos; a Kata checkout has about 2,000. */
const MOST = 20_000;

/**
 * The directory with the agent's protos at or below a directory that a user named, as of `findProtoDirectory`. Rejects a
 * directory that is too large to be a checkout, such as `/`. `named` is the prefix of `directory` in errors. Throws
 * {@link ConfigError}.
 */
export function findCheckoutProtos(directory: string, named: string): string {
  const given = `${named}${directory}`;
  const where = isAbsolute(directory) ? '' : ` (${resolve(directory)})`;
  const found = statSync(directory, { throwIfNoEntry: false });
  if (found === undefined && !isUrl(directory)) throw new ConfigError(`${given}${where}: no such directory`);
  if (found !== undefined && !found.isDirectory()) throw new ConfigError(`${given}${where}: it is not a directory`);
  if (resolve(directory) === '/' || isLarge(directory)) {
    throw new ConfigError(`${given}${where}: too large to be searched for protos; name a Kata checkout`);
  }
  try {
    return findProtoDirectory(directory, named);
  } catch (error) {
    const message = messageOf(error);
    throw message.startsWith(named) ? error : new ConfigError(`${given}${where}: ${message}`, { cause: error });
  }
}

/** Whether a text is a git URL, for which `findProtoDirectory` has a remedy. */
function isUrl(text: string): boolean {
  return /^\w+(?:\+\w+)?:\/\/|^[\w.-]+@[\w.-]+:/.test(text);
}

function isLarge(directory: string): boolean {
  const waiting = [directory];
  for (let seen = 0; waiting.length > 0; seen += 1) {
    if (seen > MOST) return true;
    const next = waiting.shift() ?? '';
    waiting.push(...below(next));
  }
  return false;
}

/** Names of directories that `findProtoDirectory` does not search. */
const SKIPPED = new Set(['.git', 'node_modules', 'target', 'vendor']);

function below(directory: string): string[] {
  try {
    const found = readdirSync(directory, { withFileTypes: true });
    return found
      .filter((entry) => entry.isDirectory() && !SKIPPED.has(entry.name))
      .map(({ name }) => join(directory, name));
  } catch {
    // findProtoDirectory reports a directory that cannot be read.
    return [];
  }
}
