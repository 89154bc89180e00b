import { mkdir, mkdtemp, readdir, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { run } from '../helpers/exec.ts';
import { moduleCache } from './module-cache.ts';
import { projectPath } from './steps/project.ts';

let project: string;
beforeEach(async () => {
  project = await mkdtemp(join(tmpdir(), 'kata-cc-modules-'));
  await mkdir(join(project, 'node_modules/.pnpm'), { recursive: true });
});
afterEach(() => rm(project, { recursive: true, force: true }));

const install = (packages: string): Promise<void> => writeFile(join(project, 'node_modules/.pnpm/lock.yaml'), packages);
const cachePath = (now?: number): string =>
  moduleCache(project, { root: true, ...(now === undefined ? {} : { now }) }).fsModuleCachePath ?? '';

test('Vitest passes in the first run after other packages were installed', async () => {
  const files = {
    'vitest.config.ts': `import { moduleCache } from ${JSON.stringify(projectPath('setup/module-cache.ts'))};
      export default { test: {
        experimental: moduleCache(import.meta.dirname, { root: true }),
        globalSetup: './global.ts', reporters: ['./reporter.ts'] } };`,
    'global.ts': 'export const setup = () => {};',
    'reporter.ts': 'export default class {};',
    'one.test.ts': "import { test } from 'vitest'; test('passes', () => {});",
    'package.json': '{ "type": "module" }',
  };
  for (const [name, text] of Object.entries(files)) await writeFile(join(project, name), text);
  await symlink(projectPath('node_modules/vitest'), join(project, 'node_modules/vitest'));
  const vitest = [process.execPath, projectPath('node_modules/vitest/vitest.mjs'), 'run'];
  for (const packages of ['one', 'one and two']) {
    await install(packages);
    await run(vitest, { cwd: project });
  }
  expect(await readdir(join(project, 'node_modules/.transformed-modules'))).toHaveLength(2);
});

test('a directory of the module cache is removed when no run has used it for a week', async () => {
  const [day, now] = [24 * 3_600_000, Date.now()];
  await install('old');
  const old = cachePath(now - 8 * day);
  await writeFile(join(old, 'module'), '');
  await utimes(old, (now - 8 * day) / 1_000, (now - 8 * day) / 1_000);
  await install('used');
  const used = cachePath(now - 3 * day);
  await install('new');
  const left = [used, cachePath(now)].map((path) => basename(path)).sort();
  expect((await readdir(join(project, 'node_modules/.transformed-modules'))).sort()).toEqual(left);
});

test('modules are not cached for a user who may not write there, nor without packages that pnpm installed', async () => {
  expect(moduleCache(project, { root: true })).toEqual({ fsModuleCache: false });
  await install('some');
  expect(moduleCache(project, { root: false })).toEqual({ fsModuleCache: false });
});
