import { type Static, Type } from '@sinclair/typebox';
import { readResults, sorted, writeResults } from './results-file.ts';

const text = Type.String({ minLength: 1 });

/** Which mutants of inputs and of the CDH turned tests red, on one target with agents of one kind and generation. */
const Detection = Type.Object(
  {
    /** Version of the agent that answered. */
    agent: text,
    /** Day of the last result, YYYY-MM-DD. */
    measured: Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' }),
    /** Digests of the spec files of which the results hold. */
    specs: Type.Record(Type.String(), text),
    /** Names of the mutants that an assertion of a test detected, by the test's id. */
    detected: Type.Record(Type.String(), Type.Array(text)),
  },
  { additionalProperties: false },
);

export type Detection = Static<typeof Detection>;

/** Reads suites/detected.json; there are no results if the file does not exist. Rejects with {@link ConfigError}. */
export function readDetected(file: string): Promise<Readonly<Record<string, Detection>>> {
  return readResults(file, Detection);
}

/** Replaces the results of one subject in suites/detected.json, atomically, in a stable order. */
export function writeDetected(file: string, key: string, detection: Detection): Promise<void> {
  const detected = Object.entries(detection.detected).map(([test, names]) => [test, [...names].sort()] as const);
  const tidy = { ...detection, specs: sorted(detection.specs), detected: sorted(Object.fromEntries(detected)) };
  return writeResults(file, Detection, [key, tidy]);
}
