import { existsSync } from 'node:fs';
import { glob, readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { projectPath } from './project.ts';

/** Written by runs, so not in a fresh checkout. */
const WRITTEN = ['reports/out'];
/** An error message of this file has an example of a path. */
const WITH_EXAMPLE = 'engine/code-inputs.ts';

test('every path that set-up passes to projectPath as a literal exists in the project', async () => {
  const missing: string[] = [];
  let found = 0;
  for await (const file of glob('**/*.ts', { cwd: projectPath('setup') })) {
    if (file.endsWith('.test.ts') || file === WITH_EXAMPLE) continue;
    const text = await readFile(projectPath(`setup/${file}`), 'utf8');
    for (const [, path = ''] of text.matchAll(/projectPath\('([^']+)'\)/g)) {
      found += 1;
      if (!WRITTEN.includes(path) && !existsSync(projectPath(path))) missing.push(`${file}: ${path}`);
    }
  }
  expect(missing).toEqual([]);
  expect(found).toBeGreaterThan(20);
});
