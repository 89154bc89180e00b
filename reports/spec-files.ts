import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** Directory of the claims, and how its files end: what `include` of the project says in vitest.config.ts. */
const [DIRECTORY, SUFFIX] = ['suites', '.spec.ts'];

/** The spec files there are, whatever was selected of them: relative to the project, sorted. */
export async function specFilesIn(root: string): Promise<string[]> {
  const entries = await readdir(join(root, DIRECTORY), { recursive: true });
  return entries
    .filter((path) => path.endsWith(SUFFIX))
    .map((path) => join(DIRECTORY, path))
    .sort();
}
