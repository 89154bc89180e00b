import { atLeast } from '../text/version.ts';
import type { RunningVersion } from './running-version.ts';

/** Why a version is too old for the Kata under test; `undefined` if it is not, or if that Kata declares no minimum. */
export function whyTooOld({ declared, program, version }: RunningVersion): string | undefined {
  const minimum = declared?.minimum;
  if (minimum === undefined || atLeast(version, minimum)) return undefined;
  return `${program} ${version} is older than ${minimum}, the minimum that versions.yaml of this Kata declares`;
}
