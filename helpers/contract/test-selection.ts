import type { Vitest } from 'vitest/node';

/**
 * Private fields of Vitest that hold the selection of tests; Vitest's version is pinned, and a test checks that the
 * fields exist.
 */
interface VitestSelection {
  readonly filenamePattern?: readonly string[];
  readonly config: { readonly cliExclude?: readonly string[] };
}

/**
 * The options of this run's command line that select tests, for display. Whether a run was full is decided by the tests
 * that ran, because there are other ways to run a part (`test.only`, an option of a later Vitest).
 */
export function selectionOf(vitest: Vitest): string[] {
  const { filenamePattern = [], config: kept } = vitest as unknown as VitestSelection;
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
