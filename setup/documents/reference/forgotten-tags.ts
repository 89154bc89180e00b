import { RELEASE_FACTS } from '../../../helpers/contract/release-facts.ts';
import type { Capability, CapabilitySet } from '../../../helpers/contract/target.ts';
import type { SpecTest } from './spec-uses.ts';
import { capabilitySets, OF_POLICY, TARGET_NAMES, TARGETS } from './target-variants.ts';

/** Tags that a fixture or an exported function needs, by its name. */
export type TagsByName = ReadonlyMap<string, readonly Capability[]>;

/** The capabilities of all targets that this project supports, one set for each combination of options. */
const ALL_TARGETS: readonly CapabilitySet[] = TARGET_NAMES.flatMap((target) =>
  TARGETS[target].agents.flatMap((agent) => capabilitySets(target, agent, OF_POLICY)),
);

/**
 * What is wrong with the tags of tests: a test that runs on a target that lacks what the test uses fails there instead of
 * being skipped. A tag that every target with the test's other tags has may be left out: `kata-shim` implies `cri`.
 */
export function forgottenTags(tests: readonly SpecTest[], needed: TagsByName): string[] {
  return tests.flatMap(({ tags, title, uses }) => {
    // Tags of releases say nothing about targets.
    const ofTarget = tags.filter((tag) => !(tag in RELEASE_FACTS));
    const runOn = ALL_TARGETS.filter((capabilities) =>
      ofTarget.every((tag) => capabilities[tag as Capability] === true),
    );
    if (runOn.length === 0) return [`"${title}": no target has all of its tags, ${tags.join(', ')}`];
    return uses.flatMap((name) =>
      (needed.get(name) ?? [])
        .filter((tag) => !tags.includes(tag) && runOn.some((capabilities) => capabilities[tag] !== true))
        .map((tag) => `"${title}" uses ${name}, which needs the tag ${tag}`),
    );
  });
}
