import { type Static, Type } from '@sinclair/typebox';
import { readResults, sorted, writeResults } from './results-file.ts';

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
export type Measurement = Static<typeof Measurement>;

/**
 * The content of suites/proofs.json: the results of `pnpm kata mutants --mute`, by subject. A mute is named as
 * in `KATA_MUTE`, with the method's full name.
 */
export type Proofs = Readonly<Record<string, Measurement>>;

/** Reads suites/proofs.json; there are no results if the file does not exist. Rejects with {@link ConfigError}. */
export function readProofs(file: string): Promise<Proofs> {
  return readResults(file, Measurement);
}

/** Replaces the measurement of one subject in suites/proofs.json, atomically, in a stable order. */
export function writeProofs(file: string, key: string, measurement: Measurement): Promise<void> {
  const { proved, specs, unproved } = measurement;
  const tidy = { ...measurement, specs: sorted(specs), proved: sorted(proved), unproved: [...unproved].sort() };
  return writeResults(file, Measurement, [key, tidy]);
}
