import { readFile } from 'node:fs/promises';
import { ConfigError, messageOf } from '../../../helpers/errors.ts';
import { projectPath } from '../../project.ts';

/** Reasons why no spec proves the effect of an RPC method, by method, for all targets (`everywhere`) or one. */
export type Unproved = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** Path of suites/unproved.json, the file with the reasons why no spec proves the effect of a method. */
export const UNPROVED_FILE = projectPath('suites/unproved.json');

const WHERE = ['everywhere', 'local', 'vm', 'kata'];
const SHORTEST_REASON = 10;

/** Reads suites/unproved.json. Rejects with {@link ConfigError} that names the entry. */
export async function readUnproved(file = UNPROVED_FILE): Promise<Unproved> {
  try {
    return checked(JSON.parse(await readFile(file, 'utf8')));
  } catch (cause) {
    throw new ConfigError(`${file}: ${messageOf(cause)}`, { cause });
  }
}

function checked(value: unknown): Unproved {
  for (const [where, methods] of entriesOf(value, 'the file')) {
    if (!WHERE.includes(where)) throw new Error(`expected one of ${WHERE.join(', ')}, not ${where}`);
    for (const [method, reason] of entriesOf(methods, where)) {
      if (!/^[\w.]+\/\w+$/.test(method)) throw new Error(`${where}: expected package.Service/Method, not ${method}`);
      if (typeof reason !== 'string' || reason.length < SHORTEST_REASON)
        throw new Error(`${where}/${method}: expected a reason in a sentence`);
    }
  }
  return value as Unproved;
}

function entriesOf(value: unknown, what: string): [string, unknown][] {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new Error(`${what}: expected an object`);
  return Object.entries(value);
}

/** The reason why no spec proves the effect of an RPC method on these targets; `undefined` if there is none. */
export function whyUnproved(reasons: Unproved, method: string, targets: readonly string[]): string | undefined {
  return ['everywhere', ...targets].map((where) => reasons[where]?.[method]).find((reason) => reason !== undefined);
}
