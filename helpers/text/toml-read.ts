import { isDeepStrictEqual } from 'node:util';
import { parse } from '@decimalturn/toml-patch';
import { HarnessError, messageOf } from '../errors.ts';

/** A table of a TOML document, by key. */
export type TomlTable = Readonly<Record<string, unknown>>;

/**
 * Parses TOML 1.0, the version that containerd, Kata and the agent read; skips a byte order mark. Throws a {@link HarnessError}
 * with line and column.
 */
export function parseToml(text: string): TomlTable {
  try {
    return parse(text) as TomlTable;
  } catch (cause) {
    // Only line and column are kept: the other lines of the parser's message quote the document.
    const lines = messageOf(cause).split('\n');
    throw new HarnessError('toml', [lines.at(0), lines.at(-1)].join(' '), { cause });
  }
}

/** The value at a path of keys in a TOML document; `undefined` if there is none. */
export function valueAt(document: TomlTable, path: readonly string[]): unknown {
  let at: unknown = document;
  for (const key of path) at = isTable(at) && Object.hasOwn(at, key) ? at[key] : undefined;
  return at;
}

/** Whether a TOML value is a table, not an array, date or scalar. */
export function isTable(value: unknown): value is TomlTable {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
}

/**
 * A copy of the TOML document with `value` at `path`; creates missing tables. Throws if the path leads through a value
 * that is not a table.
 */
export function withValue(document: TomlTable, path: readonly string[], value: unknown): TomlTable {
  const [key, ...rest] = path;
  if (key === undefined) throw new HarnessError('toml', 'a value needs a key');
  if (rest.length === 0) return { ...document, [key]: value };
  const below = Object.hasOwn(document, key) ? document[key] : {};
  if (!isTable(below)) throw new HarnessError('toml', `${key} = ${JSON.stringify(below)}: expected a table`);
  return { ...document, [key]: withValue(below, rest, value) };
}

/** Whether two TOML documents have the same keys and values, regardless of order and spelling. */
export function sameToml(one: unknown, other: unknown): boolean {
  if (Array.isArray(one) && Array.isArray(other)) {
    return one.length === other.length && one.every((item, index) => sameToml(item, other[index]));
  }
  if (!isTable(one) || !isTable(other)) return isDeepStrictEqual(one, other);
  const keys = Object.keys(one);
  return (
    keys.length === Object.keys(other).length &&
    keys.every((key) => Object.hasOwn(other, key) && sameToml(one[key], other[key]))
  );
}

/** A path of keys in TOML syntax, such as `plugins."io.containerd.grpc.v1.cri".containerd`. */
export function tomlPath(path: readonly string[]): string {
  return path.map((key) => (/^[\w-]+$/.test(key) ? key : JSON.stringify(key))).join('.');
}
