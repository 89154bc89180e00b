import { build } from 'esbuild';
import { expect, test } from 'vitest';
import { projectPath } from '../steps/project.ts';

/** Packages that are loaded with a file, before anything in it is run. */
async function packagesOf(file: string): Promise<string[]> {
  const { metafile } = await build({
    absWorkingDir: projectPath('.'),
    entryPoints: [file],
    bundle: true,
    metafile: true,
    write: false,
    platform: 'node',
    format: 'esm',
    packages: 'external',
  });
  const seen = new Set<string>();
  const packages = new Set<string>();
  const visit = (path: string): void => {
    if (seen.has(path)) return;
    seen.add(path);
    for (const { external, kind, path: imported } of metafile.inputs[path]?.imports ?? []) {
      if (kind !== 'import-statement' || imported.startsWith('node:')) continue;
      if (external) packages.add(imported);
      else visit(imported);
    }
  };
  visit(file);
  return [...packages].sort();
}

test.for(['cli.ts', 'guest.ts'])('%s loads no package: each takes an emulated machine seconds', async (file) => {
  expect(await packagesOf(`setup/ccv0/${file}`)).toEqual([]);
});
