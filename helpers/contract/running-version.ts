import type { DeclaredVersion } from '../kata/declared-versions.ts';

/** A program that takes part in a run, the version of it that runs, and what the Kata under test declares of it. */
export interface RunningVersion {
  /** `containerd`, `runc`, `QEMU`, ... */
  readonly program: string;
  /** As the program says it, without a leading v: `1.6.20~ds1`. */
  readonly version: string;
  /** Absent if the source of Kata declares nothing of it, or is not known. */
  readonly declared?: DeclaredVersion;
}

/** A version with what Kata declares, for messages: `containerd 2.3.4 (Kata declares v1.7 to v2.3)`. */
export function versionText({ declared, program, version }: RunningVersion): string {
  const what = declared === undefined ? undefined : rangeOf(declared);
  return `${program} ${version}${what === undefined ? '' : ` (Kata declares ${what})`}`;
}

function rangeOf({ latest, minimum, named }: DeclaredVersion): string | undefined {
  if (minimum === undefined) return latest === undefined ? named : `up to ${latest}`;
  return latest === undefined ? `${minimum} or later` : `${minimum} to ${latest}`;
}
