import { chmod, mkdir, mkdtemp, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { run } from '../../../helpers/process/exec.ts';
import { SUITE_LINKS } from './contents.ts';
import { type SuiteProject, writeProjectLayer } from './project-layer.ts';

const SCRIPT = 'node_modules/.pnpm/vitest@5/node_modules/vitest/node_modules/.bin/vite';

/** A checkout with npm packages as pnpm installs them, below a directory that ends with `name`. */
async function project({ lock = 'same', mode = 0o644, name = 'x' } = {}): Promise<SuiteProject> {
  const directory = await realpath(await mkdtemp(join(tmpdir(), `kata-cc-layer-${name}-`)));
  onTestFinished(() => rm(directory, { recursive: true }));
  const files = {
    'pnpm-lock.yaml': 'same',
    'node_modules/.pnpm/lock.yaml': lock,
    'node_modules/.modules.yaml': `prunedAt: ${name}`,
    'suites/a.spec.ts': 'a',
    ignored: name,
    [SCRIPT]: `exec node "${directory}/node_modules/vite.mjs"`,
    ...Object.fromEntries(Object.values(SUITE_LINKS).map((path) => [path, 'program'])),
  };
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(directory, path)), { recursive: true });
    await writeFile(join(directory, path), text);
    await chmod(join(directory, path), mode);
  }
  await symlink('.pnpm/vitest@5/node_modules/vitest', join(directory, 'node_modules/vitest'));
  return { directory, files: ['pnpm-lock.yaml', 'suites/a.spec.ts'], checkout: { commit: 'abc', dirty: false } };
}

/** Writes the layer of a project, and returns its path. */
async function layerOf(content: SuiteProject): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'kata-cc-layer-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  const file = join(directory, 'layer.tar');
  await writeProjectLayer(file, content);
  return file;
}

async function unpacked(file: string): Promise<string> {
  await run(['tar', '--extract', '--file', file, '--directory', dirname(file)]);
  return dirname(file);
}

test('the project layer has the files of the project, its npm packages, the commit, and links to the programs', async () => {
  const root = await unpacked(await layerOf(await project()));
  const { stdout } = await run(['find', '.', '-mindepth', '1', '-not', '-type', 'd'], { cwd: root });
  expect(stdout.trim().split('\n').sort()).toEqual(
    [
      './layer.tar',
      './suite/.checkout.json',
      './suite/node_modules/.pnpm/lock.yaml',
      './suite/node_modules/vitest',
      './suite/pnpm-lock.yaml',
      './suite/suites/a.spec.ts',
      `./suite/${SCRIPT}`,
      ...Object.entries(SUITE_LINKS).flatMap(([name, path]) => [`./usr/local/bin/${name}`, `./suite/${path}`]),
    ].sort(),
  );
  expect(JSON.parse(await readFile(join(root, 'suite/.checkout.json'), 'utf8'))).toEqual({
    commit: 'abc',
    dirty: false,
  });
  for (const name of Object.keys(SUITE_LINKS))
    expect(await readFile(join(root, 'usr/local/bin', name), 'utf8')).toBe('program');
});

test('scripts of npm packages name the directory of the image, not of the checkout', async () => {
  const root = await unpacked(await layerOf(await project()));
  expect(await readFile(join(root, 'suite', SCRIPT), 'utf8')).toBe('exec node "/suite/node_modules/vite.mjs"');
});

test('checkouts with equal files in other directories and with another umask give equal layers', async () => {
  const [one, other] = [await project({ name: 'one' }), await project({ name: 'another', mode: 0o600 })];
  expect(await readFile(await layerOf(other))).toEqual(await readFile(await layerOf(one)));
});

test('npm packages that are not those of pnpm-lock.yaml are rejected in one line', async () => {
  const stale = await project({ lock: 'older' });
  await expect(layerOf(stale)).rejects.toThrow(
    `${stale.directory}/node_modules: the packages are not those of pnpm-lock.yaml; run \`pnpm install --frozen-lockfile\` first`,
  );
});
