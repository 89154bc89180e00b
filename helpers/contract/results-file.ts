import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type Static, type TSchema, Type } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import { ConfigError, messageOf } from '../errors.ts';

/** The subject of a measurement. */
export interface MeasuredSubject {
  readonly target: string;
  readonly kind: string;
  readonly generation: string;
}

/** Key of a measurement in a file of results: `vm kata-agent skopeo`. */
export function subjectKey({ generation, kind, target }: MeasuredSubject): string {
  return `${target} ${kind} ${generation}`;
}

/** Reads a file of results by subject; there are none if the file does not exist. Rejects with {@link ConfigError}. */
export async function readResults<T extends TSchema>(
  file: string,
  schema: T,
): Promise<Readonly<Record<string, Static<T>>>> {
  let value: unknown;
  try {
    value = JSON.parse(await readFile(file, 'utf8'));
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw new ConfigError(`${file}: ${messageOf(cause)}`, { cause });
  }
  const [problem] = Value.Errors(Type.Record(Type.String(), schema), value);
  if (problem !== undefined) throw new ConfigError(`${file}${problem.path}: ${problem.message}`);
  return value as Readonly<Record<string, Static<T>>>;
}

/** Replaces the results of one subject, atomically, in a stable order. */
export async function writeResults<T extends TSchema>(
  file: string,
  schema: T,
  [key, results]: readonly [key: string, results: Static<T>],
): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  const all = sorted({ ...(await readResults(file, schema)), [key]: results });
  await writeFile(`${file}.new`, `${JSON.stringify(all, null, 2)}\n`);
  await rename(`${file}.new`, file);
}

/** A copy with its keys in order. */
export function sorted<T>(entries: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(entries).sort(([a], [b]) => (a < b ? -1 : 1)));
}
