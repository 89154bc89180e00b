import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { goModules, npmPackages, PERMITTED } from './provenance/list.ts';
import { projectPath } from './steps/project.ts';

const text = (path: string): Promise<string> => readFile(projectPath(path), 'utf8');

describe('what this project is made from', () => {
  test('is installed without running anything of it', async () => {
    expect(await text('.npmrc')).toMatch(/^ignore-scripts=true$/m);
    expect(await text('pnpm-workspace.yaml')).toMatch(/^ignoreScripts: true$/m);
  });

  test('has exact versions', async () => {
    const { dependencies, devDependencies, packageManager } = JSON.parse(await text('package.json')) as Record<
      string,
      Record<string, string>
    >;
    for (const [name, version] of Object.entries({ ...dependencies, ...devDependencies })) {
      expect(version, name).toMatch(/^\d+\.\d+\.\d+$/);
    }
    expect(packageManager).toMatch(/^pnpm@\d+\.\d+\.\d+/);
  });

  test('has a checksum for every package, and names no host', async () => {
    const packages = await npmPackages();
    expect(packages.length).toBeGreaterThan(100);
    for (const { name, version, checksum } of packages) expect(checksum, `${name}@${version}`).toMatch(/^sha512-/);
    expect(await text('pnpm-lock.yaml')).not.toMatch(/https?:\/\/|tarball:|git\+/);
  });

  test('has a checksum for every Go module the bench builds', async () => {
    const modules = await goModules();
    expect(modules.map(({ name }) => name)).toContain('github.com/containerd/ttrpc');
    for (const { checksum, name } of modules) expect(checksum, name).toMatch(/^h1:/);
  });

  test('has a licence that may be used with ours', async () => {
    const packages = await npmPackages();
    const others = packages.filter(({ licence }) => licence !== 'not installed here' && !PERMITTED.test(licence));
    expect(others.map(({ licence, name }) => `${name}: ${licence}`)).toEqual([]);
    expect(packages.filter(({ licence }) => licence !== 'not installed here').length).toBeGreaterThan(100);
  });

  test('a licence that may not be used is told from those that may', () => {
    for (const good of ['MIT', 'Apache-2.0', 'MIT OR Apache-2.0', '(MIT OR GPL-3.0)', 'ISC'])
      expect(good).toMatch(PERMITTED);
    for (const bad of ['GPL-3.0', 'AGPL-3.0', 'SEE LICENSE IN x', 'UNLICENSED', '']) expect(bad).not.toMatch(PERMITTED);
  });
});
