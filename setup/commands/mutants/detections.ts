import type { Detection } from '../../../helpers/contract/detected.ts';
import { fileOf } from './mute-choice.ts';

/** The stored results of a target, with their key. Only agents of main, which have one generation, are measured. */
export function storedFor(
  all: Readonly<Record<string, Detection>>,
  target: string,
): readonly [key: string, results: Detection] | undefined {
  return Object.entries(all).find(([key]) => key.startsWith(`${target} `));
}

/** Whether the tests of a spec file that pass without a mutant are known: the file has not changed since they ran. */
export function isKnown(results: Detection, file: string, digests: Readonly<Record<string, string>>): boolean {
  return results.specs[file] !== undefined && results.specs[file] === digests[file];
}

/** Tests that passed without a mutant, and the spec files that ran. */
interface Unchanged {
  readonly agent: string;
  readonly dependent: readonly string[];
  readonly files: readonly string[];
  readonly digests: Readonly<Record<string, string>>;
}

/** The results with the tests of a run without a mutant, which replace what was known of its spec files. */
export function withUnchanged(
  results: Detection | undefined,
  { agent, dependent, digests, files }: Unchanged,
): Detection {
  const others = Object.entries(results?.detected ?? {}).filter(([test]) => !files.includes(fileOf(test)));
  return {
    agent,
    measured: today(),
    specs: { ...results?.specs, ...Object.fromEntries(files.map((file) => [file, digests[file] ?? ''])) },
    detected: { ...Object.fromEntries(others), ...Object.fromEntries(dependent.map((test) => [test, []])) },
  };
}

/** The tests of these spec files that passed without a mutant. */
export function testsOf({ detected }: Pick<Detection, 'detected'>, files: readonly string[]): readonly string[] {
  return Object.keys(detected).filter((test) => files.includes(fileOf(test)));
}

/** The results with the tests that a mutant turned red. */
export function withRed(results: Detection, name: string, red: readonly string[]): Detection {
  const added = red.map((test): [string, string[]] => [test, [...new Set([...(results.detected[test] ?? []), name])]]);
  return { ...results, measured: today(), detected: { ...results.detected, ...Object.fromEntries(added) } };
}

/** Whether a mutant turned a test of a spec file red. */
export function isDetectedIn({ detected }: Pick<Detection, 'detected'>, name: string, file: string): boolean {
  return Object.entries(detected).some(([test, names]) => fileOf(test) === file && names.includes(name));
}

/** The tests that no mutant turned red. */
export function undetected(tests: readonly string[], { detected }: Pick<Detection, 'detected'>): readonly string[] {
  return tests.filter((test) => (detected[test] ?? []).length === 0);
}

function today(): string {
  return new Date().toISOString().slice(0, 10);
}
