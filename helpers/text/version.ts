import type { SemVer } from 'semver';
import coerce from 'semver/functions/coerce.js';
import gte from 'semver/functions/gte.js';
import { HarnessError } from '../errors.ts';

/**
 * Whether a version is at least another one. Versions of Go are no semantic versions: `1.21` counts as 1.21.0, and a
 * pre-release such as `1.23rc1` as its release.
 */
export function atLeast(version: string, wanted: string): boolean {
  return gte(parse(version), parse(wanted));
}

function parse(version: string): SemVer {
  const parsed = coerce(version);
  if (parsed === null)
    throw new HarnessError('version', `expected a version such as 1.2.3, not ${JSON.stringify(version)}`);
  return parsed;
}
