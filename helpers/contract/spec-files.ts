import { readdir } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { ConfigError } from '../errors.ts';

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

/**
 * The spec files that Vitest runs for these filters, parts of paths or such parts with a line number; all files without filters. Throws
 * {@link ConfigError} for a filter that matches no file, which Vitest ignores if another one matches.
 */
export function selectedSpecFiles(files: readonly string[], filters: readonly string[], root: string): string[] {
  const matchers = filters.map((filter) => {
    const path = filter.replace(/:\d+$/, '');
    const parts = [path, relative(root, resolve(path))];
    const matches = (file: string): boolean => parts.some((part) => file.includes(part));
    if (!files.some(matches)) {
      const expected = 'expected a part of the path of a spec file, such as suites/agent';
      throw new ConfigError(`${JSON.stringify(filter)}: ${expected}`);
    }
    return matches;
  });
  return files.filter((file) => matchers.length === 0 || matchers.some((matches) => matches(file)));
}
