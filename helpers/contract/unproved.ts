import { readFile } from 'node:fs/promises';
import { ConfigError, messageOf } from '../errors.ts';
import { literalPattern } from '../text/literal-pattern.ts';

/**
 * The content of suites/unproved.json: reasons why no spec proves the effect of a method or field, for all targets
 * (`everywhere`) or one. A key is a method, `package.Service/Method`, or a field, `package.Service/Method.path.to.field`;
 * its reason holds for all fields below. `*` stands for one or more names, and the case of names does not matter, so that
 * `grpc.AgentService/*.Process.Terminal` is the terminal of CreateContainer and of ExecProcess.
 */
export type Unproved = Readonly<Record<string, Readonly<Record<string, string>>>>;

const WHERE = ['everywhere', 'local', 'vm', 'kata'];
const SHORTEST_REASON = 10;

/** Reads suites/unproved.json. Rejects with {@link ConfigError} that names the entry. */
export async function readUnproved(file: string): Promise<Unproved> {
  try {
    return checked(JSON.parse(await readFile(file, 'utf8')));
  } catch (cause) {
    throw new ConfigError(`${file}: ${messageOf(cause)}`, { cause });
  }
}

function checked(value: unknown): Unproved {
  for (const [where, reasons] of entriesOf(value, 'the file')) {
    if (!WHERE.includes(where)) throw new Error(`expected one of ${WHERE.join(', ')}, not ${where}`);
    for (const [name, reason] of entriesOf(reasons, where)) {
      if (!/^[\w.]+\/(\w+|\*)(\.(\w+|\*))*$/.test(name))
        throw new Error(
          `${where}: expected package.Service/Method or package.Service/Method.path.to.field, not ${name}`,
        );
      if (typeof reason !== 'string' || reason.length < SHORTEST_REASON)
        throw new Error(`${where}/${name}: expected a reason in a sentence`);
    }
  }
  return value as Unproved;
}

function entriesOf(value: unknown, what: string): [string, unknown][] {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new Error(`${what}: expected an object`);
  return Object.entries(value);
}

/**
 * The reason why no spec proves the effect of a method or field on these targets, by its full name; `undefined` if there
 * is none.
 */
export function whyUnproved(reasons: Unproved, muted: string, targets: readonly string[]): string | undefined {
  return ['everywhere', ...targets]
    .flatMap((where) => Object.entries(reasons[where] ?? {}))
    .find(([key]) => patternOf(key).test(muted))?.[1];
}

function patternOf(key: string): RegExp {
  return new RegExp(`^${key.split('*').map(literalPattern).join('[\\w.]+')}(\\.|$)`, 'i');
}
