import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { run } from '../../helpers/process/exec.ts';
import manifest from '../../package.json' with { type: 'json' };
import { projectPath } from '../project.ts';

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'kata-cc-loaded-'));
});
afterAll(() => rm(directory, { recursive: true }));

interface Loaded {
  readonly urls: readonly string[];
  /** Directory of the compile cache in use. */
  readonly cache?: string;
}

/** Runs a command of `pnpm kata` with target `local`, and returns which modules Node.js loaded. */
async function loadedBy(command: string): Promise<Loaded> {
  const file = join(directory, command);
  const preload = `
    import { writeFileSync } from 'node:fs';
    import { getCompileCacheDir, registerHooks } from 'node:module';
    const urls = [];
    registerHooks({ load: (url, context, next) => { urls.push(url); return next(url, context); } });
    process.on('exit', () => writeFileSync(${JSON.stringify(file)}, JSON.stringify({ urls, cache: getCompileCacheDir() })));
  `;
  const hooks = `data:text/javascript,${encodeURIComponent(preload)}`;
  await run([process.execPath, '--import', hooks, projectPath('setup/commands/kata.ts'), command], {
    env: { KATA_TARGET: 'local', KATA_AGENT: 'stand-in', KATA_CACHE_DIR: directory },
    okCodes: [0, 1],
  });
  return JSON.parse(await readFile(file, 'utf8')) as Loaded;
}

/** Names of this project's dependencies among the modules. */
function dependenciesIn(urls: readonly string[]): readonly string[] {
  const names = Object.keys({ ...manifest.dependencies, ...manifest.devDependencies });
  return names.filter((name) => urls.some((url) => url.includes(`/node_modules/${name}/`))).sort();
}

const OF_DOCTOR = ['@decimalturn/toml-patch', 'commander', 'esbuild', 'execa', 'js-yaml', 'protobufjs', 'semver'];

// Loading modules is most of the processor time of these commands. gRPC, schemas and whole libraries of which one
// function is used are imported where they are needed.
test.for([
  ['doctor', OF_DOCTOR],
  ['plan', [...OF_DOCTOR, 'tar-stream']],
] as const)('pnpm kata %s loads only the packages that it needs', async ([command, expected]) => {
  const { urls } = await loadedBy(command);
  expect(dependenciesIn(urls)).toEqual(expected);
  expect(urls.filter((url) => url.endsWith('/semver/index.js'))).toEqual([]);
});

test('commands of pnpm kata use a compile cache below node_modules', async () => {
  const { cache } = await loadedBy('doctor');
  expect(cache).toContain(projectPath('node_modules/.cache/compile'));
});
