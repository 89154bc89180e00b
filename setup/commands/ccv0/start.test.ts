import { build } from 'esbuild';
import { expect, test } from 'vitest';
import { projectPath } from '../../project.ts';

/** Packages that a file imports statically, directly or indirectly. */
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

// Loading a package takes seconds under software emulation, so these commands must not load any they do not need.
test.for(['cli.ts', 'guest.ts'])('setup/commands/ccv0/%s imports no package statically', async (file) => {
  expect(await packagesOf(`setup/commands/ccv0/${file}`)).toEqual([]);
});
