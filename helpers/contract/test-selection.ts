import type { Vitest } from 'vitest/node';

/** Private fields of Vitest; its version is pinned, and a test checks that they exist. */
interface Kept {
  readonly filenamePattern?: readonly string[];
  readonly config: { readonly cliExclude?: readonly string[] };
}

/**
 * The given options of this run that select tests, for people to read. Whether a run was full is decided by the tests
 * that ran, because there are other ways to run a part (`test.only`, an option of a later Vitest).
 */
export function selectionOf(vitest: Vitest): string[] {
  const { filenamePattern = [], config: kept } = vitest as unknown as Kept;
  const { testNamePattern, tagsFilter = [], changed, related, dir, root } = vitest.config;
  return [
    ...filenamePattern,
    ...(testNamePattern === undefined ? [] : [`-t ${JSON.stringify(testNamePattern.source)}`]),
    ...tagsFilter.map((filter) => `--tags-filter ${JSON.stringify(filter)}`),
    ...(changed === undefined || changed === false ? [] : [changed === true ? '--changed' : `--changed ${changed}`]),
    ...(related === undefined || changed ? [] : [`related ${[related].flat().join(' ')}`]),
    ...(kept.cliExclude ?? []).map((pattern) => `--exclude ${pattern}`),
    ...(dir === undefined || dir === root ? [] : [`--dir ${dir}`]),
  ];
}
