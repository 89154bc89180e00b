import { atLeast } from '../../helpers/text/version.ts';
import { REQUIREMENTS } from '../config/pins.ts';
import type { TargetedConfig } from '../config/validated.ts';

/** What to do about a containerd that is too old. */
export const OTHER_CONTAINERD = 'install a later one, or set KATA_CONTAINERD=source, or to a directory with one';

/** Why a containerd of a version cannot run what is set; `undefined` if it can. `name` says which one, with its version. */
export function whyNotContainerd(
  { pull, target }: Pick<TargetedConfig, 'pull' | 'target'>,
  version: string,
  { name, remedy }: { readonly name: string; readonly remedy: string },
): string | undefined {
  if (!atLeast(version, REQUIREMENTS.containerd)) {
    return `${name} is too old: ${REQUIREMENTS.containerd} is the first that answers CRI's API v1; ${remedy}`;
  }
  if (target === 'kata' && pull === 'nydus' && !atLeast(version, REQUIREMENTS.nydusContainerd)) {
    return `KATA_PULL=nydus: ${name} has no snapshotter for a runtime handler; ${REQUIREMENTS.nydusContainerd} is the first that has; ${remedy}`;
  }
  return undefined;
}

/** The version of containerd that a revision's name tells: `1.7` of `v1.7`, `refs/tags/v1.7.24` and `release/1.7`. */
export function versionInName(revision: string): string | undefined {
  return /^(?:refs\/tags\/|tags\/)?(?:v|release\/)?(\d+\.\d+)(?:\.\d+\S*)?$/.exec(revision)?.[1];
}
