import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { projectPath } from '../../project.ts';

/** Digests of spec files, which say whether stored results still hold. */
export async function digestsOf(files: readonly string[]): Promise<Record<string, string>> {
  const all = [...new Set(files)].map(async (file) => {
    const hash = createHash('sha256').update(await readFile(projectPath(file)));
    return [file, hash.digest('hex').slice(0, 16)] as const;
  });
  return Object.fromEntries(await Promise.all(all));
}
