import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type Static, Type } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import { ConfigError, messageOf } from '../errors.ts';

const text = Type.String({ minLength: 1 });

/** What was measured with KATA_MUTE on one target with agents of one kind and generation. */
const Measurement = Type.Object(
  {
    /** Version of the agent that answered. */
    agent: text,
    /** Day of the last result, YYYY-MM-DD. */
    measured: Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' }),
    /** Digests of the spec files of which the results hold. */
    specs: Type.Record(Type.String(), text),
    /** Methods and fields without which a test fails, by full name, each with the id of that test. */
    proved: Type.Record(Type.String(), text),
    /** Methods and fields without which no test fails, by full name, sorted. */
    unproved: Type.Array(text),
  },
  { additionalProperties: false },
);
const PROOFS = Type.Record(Type.String(), Measurement);

export type Measurement = Static<typeof Measurement>;

/**
 * The content of suites/proofs.json: the results of `pnpm kata mutants --mute`, by {@link subjectKey}. A mute is named as
 * in `KATA_MUTE`, with the method's full name.
 */
export type Proofs = Readonly<Record<string, Measurement>>;

/** The subject of a measurement. */
export interface MeasuredSubject {
  readonly target: string;
  readonly kind: string;
  readonly generation: string;
}

/** Key of a measurement in suites/proofs.json: `vm kata-agent skopeo`. */
export function subjectKey({ generation, kind, target }: MeasuredSubject): string {
  return `${target} ${kind} ${generation}`;
}

/** Reads suites/proofs.json; there are no results if the file does not exist. Rejects with {@link ConfigError}. */
export async function readProofs(file: string): Promise<Proofs> {
  let value: unknown;
  try {
    value = JSON.parse(await readFile(file, 'utf8'));
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw new ConfigError(`${file}: ${messageOf(cause)}`, { cause });
  }
  const [problem] = Value.Errors(PROOFS, value);
  if (problem !== undefined) throw new ConfigError(`${file}${problem.path}: ${problem.message}`);
  return value as Proofs;
}

/** Replaces the measurement of one subject in suites/proofs.json, atomically, in a stable order. */
export async function writeProofs(file: string, key: string, measurement: Measurement): Promise<void> {
  const { proved, specs, unproved } = measurement;
  const tidy = { ...measurement, specs: sorted(specs), proved: sorted(proved), unproved: [...unproved].sort() };
  await mkdir(dirname(file), { recursive: true });
  await writeFile(`${file}.new`, `${JSON.stringify(sorted({ ...(await readProofs(file)), [key]: tidy }), null, 2)}\n`);
  await rename(`${file}.new`, file);
}

function sorted<T>(entries: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(entries).sort(([a], [b]) => (a < b ? -1 : 1)));
}
