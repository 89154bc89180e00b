import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** Directory and suffix of the specs, as in the project's `include` in vitest.config.ts. */
const [DIRECTORY, SUFFIX] = ['suites', '.spec.ts'];

/** All spec files, selected or not: relative to the project, sorted. */
export async function specFilesIn(root: string): Promise<string[]> {
  const entries = await readdir(join(root, DIRECTORY), { recursive: true });
  return entries
    .filter((path) => path.endsWith(SUFFIX))
    .map((path) => join(DIRECTORY, path))
    .sort();
}
