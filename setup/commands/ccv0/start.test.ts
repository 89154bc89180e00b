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

// Under software emulation, loading a package takes seconds; commander is small, and the only one. The first two load it themselves, after
// they have enabled the compile cache.
test.for([
  ['kata.ts', []],
  ['pnpm.ts', []],
  ['run-program.ts', ['commander']],
  ['ccv0.ts', ['commander']],
  ['ccv0/run-command.ts', []],
  ['ccv0/guest.ts', []],
] as const)('setup/commands/%s statically imports the packages %j alone', async ([file, packages]) => {
  expect(await packagesOf(`setup/commands/${file}`)).toEqual(packages);
});
