import type { Vitest } from 'vitest/node';

/** Whether only tests of some names or tags were asked for. Vitest says of the others that it skipped them, and no more. */
export function selectsTests({ config }: Vitest): boolean {
  const { testNamePattern, tagsFilter = [] } = config;
  return testNamePattern !== undefined || tagsFilter.length > 0;
}

/** Whether only a part of the suites was asked for: by file, name or tag. */
export function selectsPart(vitest: Vitest): boolean {
  // Vitest keeps the files asked for to itself; the version is pinned, and a test of set-up sees that it is right.
  const { filenamePattern = [] } = vitest as Vitest & { readonly filenamePattern?: readonly string[] };
  return filenamePattern.length > 0 || selectsTests(vitest);
}
