import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { goModules, npmPackages, PERMITTED } from './commands/provenance/list.ts';
import { projectPath } from './project.ts';

const text = (path: string): Promise<string> => readFile(projectPath(path), 'utf8');

describe('third-party components', () => {
  test('pnpm installs packages without running their scripts', async () => {
    expect(await text('.npmrc')).toMatch(/^ignore-scripts=true$/m);
    expect(await text('pnpm-workspace.yaml')).toMatch(/^ignoreScripts: true$/m);
  });

  test('the npm dependencies in package.json have exact versions', async () => {
    const { dependencies, devDependencies, packageManager } = JSON.parse(await text('package.json')) as Record<
      string,
      Record<string, string>
    >;
    for (const [name, version] of Object.entries({ ...dependencies, ...devDependencies })) {
      expect(version, name).toMatch(/^\d+\.\d+\.\d+$/);
    }
    expect(packageManager).toMatch(/^pnpm@\d+\.\d+\.\d+/);
  });

  test('the lockfile has a checksum for every package, and names no registry host', async () => {
    const packages = await npmPackages();
    expect(packages.length).toBeGreaterThan(100);
    for (const { name, version, checksum } of packages) expect(checksum, `${name}@${version}`).toMatch(/^sha512-/);
    expect(await text('pnpm-lock.yaml')).not.toMatch(/https?:\/\/|tarball:|git\+/);
  });

  test('go.sum has a checksum for every Go module of the rpc bench', async () => {
    const modules = await goModules();
    expect(modules.map(({ name }) => name)).toContain('github.com/containerd/ttrpc');
    for (const { checksum, name } of modules) expect(checksum, name).toMatch(/^h1:/);
  });

  test('every npm package has a permitted licence', async () => {
    const packages = await npmPackages();
    const others = packages.filter(({ licence }) => licence !== 'not installed here' && !PERMITTED.test(licence));
    expect(others.map(({ licence, name }) => `${name}: ${licence}`)).toEqual([]);
    expect(packages.filter(({ licence }) => licence !== 'not installed here').length).toBeGreaterThan(100);
  });

  test('the list of permitted licences does not match other licences', () => {
    for (const good of ['MIT', 'Apache-2.0', 'MIT OR Apache-2.0', '(MIT OR GPL-3.0)', 'ISC'])
      expect(good).toMatch(PERMITTED);
    for (const bad of ['GPL-3.0', 'AGPL-3.0', 'SEE LICENSE IN x', 'UNLICENSED', '']) expect(bad).not.toMatch(PERMITTED);
  });
});
