import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { projectPath } from '../../project.ts';

/**
 * Reads pnpm's package.json for its version, because `pnpm --version` would fetch the version that the project
 * requires.
 */
async function manifest(path: string): Promise<{ readonly version: string; readonly packageManager?: string }> {
  return JSON.parse(await readFile(path, 'utf8')) as { version: string };
}

test("the dev VM's pnpm has the version of package.json's packageManager", async () => {
  const prepare = await readFile(projectPath('setup/commands/devvm/prepare.sh'), 'utf8');
  const [, program = ''] = /^ln -sf \/srv\/kata-cc-suite\/(\S+) \/usr\/local\/bin\/pnpm$/m.exec(prepare) ?? [];
  const { version } = await manifest(join(projectPath(dirname(program)), '../package.json'));
  const { packageManager } = await manifest(projectPath('package.json'));
  expect(`pnpm@${version}`).toBe(packageManager);
});
