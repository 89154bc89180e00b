import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { run } from '../../helpers/process/exec.ts';
import { projectPath } from '../project.ts';

let project: string;
beforeEach(async () => {
  project = await mkdtemp(join(tmpdir(), 'kata-cc-modules-'));
  await mkdir(join(project, 'node_modules/.pnpm'), { recursive: true });
});
afterEach(() => rm(project, { recursive: true, force: true }));

const install = (packages: string): Promise<void> => writeFile(join(project, 'node_modules/.pnpm/lock.yaml'), packages);

test('the first Vitest run after a change of packages passes', async () => {
  const files = {
    'vitest.config.ts': `export default { test: {
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
  expect(await readdir(join(project, 'node_modules/.vitest-cache'))).not.toEqual([]);
});
