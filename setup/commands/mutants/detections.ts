import type { Detection } from '../../../helpers/contract/detected.ts';
import { fileOf } from './mute-choice.ts';

/** The results with the tests that a mutant turned red. */
export function withRed(results: Detection, name: string, red: readonly string[]): Detection {
  const added = red.map((test): [string, string[]] => [test, [...new Set([...(results.detected[test] ?? []), name])]]);
  return { ...results, detected: { ...results.detected, ...Object.fromEntries(added) } };
}

/** The tests that no mutant turned red. */
export function undetected(dependent: readonly string[], { detected }: Pick<Detection, 'detected'>): readonly string[] {
  return dependent.filter((test) => (detected[test] ?? []).length === 0);
}

/** The results that still hold for these spec files, and those of other files. */
export function stillHolding(
  stored: Detection | undefined,
  now: {
    readonly agent: string;
    readonly dependent: readonly string[];
    readonly digests: Readonly<Record<string, string>>;
  },
): Detection {
  const { agent, dependent, digests } = now;
  const holds = (test: string): boolean => {
    const digest = digests[fileOf(test)];
    return digest === undefined || (digest === stored?.specs[fileOf(test)] && dependent.includes(test));
  };
  return {
    agent,
    measured: new Date().toISOString().slice(0, 10),
    specs: { ...stored?.specs, ...digests },
    detected: Object.fromEntries(Object.entries(stored?.detected ?? {}).filter(([test]) => holds(test))),
  };
}

/** Whether a mutant turned a test of a spec file red. */
export function isDetectedIn({ detected }: Detection, name: string, file: string): boolean {
  return Object.entries(detected).some(([test, names]) => fileOf(test) === file && names.includes(name));
}
