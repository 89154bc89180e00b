import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { GitStore } from '../../helpers/git/store.ts';
import { run } from '../../helpers/process/exec.ts';
import { repository, writeTree } from '../steps/source/upstream-builds.example.ts';
import { componentOrigin, componentSource, GUEST_COMPONENTS_SOURCE } from './component-source.ts';
import type { ComponentOrigin, SourceRevision } from './resolved.ts';

const ASSETS = 'assets:\n  kernel: {version: v6.1}\n  hypervisor: {qemu: {url: q, version: v9}}\n';

let directory: string;
let components: string;
/** A Kata checkout whose versions.yaml names the tag v1 of guest-components. */
let kata: SourceRevision;
/** A Kata checkout whose versions.yaml does not know guest-components. */
let olderKata: SourceRevision;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'kata-cc-components-'));
  components = await repository(join(directory, 'guest-components'), 'v1', { file: 'one' });
  const externals = `externals:\n  coco-guest-components: {url: ${components}, version: v1}\n`;
  kata = await kataRevision('kata', ASSETS + externals);
  olderKata = await kataRevision('older-kata', ASSETS);
});
afterAll(() => rm(directory, { recursive: true, force: true }));

async function kataRevision(name: string, versions: string): Promise<SourceRevision> {
  const path = await repository(join(directory, name), 'main-tag', { 'versions.yaml': versions });
  return {
    name,
    snapshot: { repository: { kind: 'local', path }, revision: 'main', id: await head(path), uncommitted: 0 },
  };
}

async function head(path: string): Promise<string> {
  return (await run(['git', '-C', path, 'rev-parse', 'HEAD'])).stdout.trim();
}

const cargo = { path: '/cargo', version: '1.95.0', env: {} };
const store = (): GitStore => ({ directory: join(directory, 'store'), env: {} });

function origin(
  given: { repository?: string; version?: string },
  from: SourceRevision = kata,
): Promise<ComponentOrigin> {
  const { repository: set, version } = given;
  return componentOrigin(
    'KATA_CDH',
    GUEST_COMPONENTS_SOURCE,
    { repository: set, version },
    { cargo: async () => cargo, kata: async () => from, store: store() },
  );
}

test('a component without settings is built from the version that versions.yaml names, which is read at its build', async () => {
  const found = await origin({});
  expect(found).toEqual({ cargo, packaging: kata });
  const source = await componentSource('KATA_CDH', GUEST_COMPONENTS_SOURCE, found, { store: store() });
  const id = await head(components);
  expect(source).toMatchObject({ cargo, name: `${components} at v1 (${id.slice(0, 10)})`, snapshot: { id } });
});

test('a version alone is resolved at once in the repository that versions.yaml names, so that a branch that moves is another input', async () => {
  const before = (await origin({ version: 'main' })).custom?.snapshot.id;
  expect(before).toBe(await head(components));
  await writeTree(components, { file: 'two' });
  const git = ['git', '-C', components, '-c', 'user.name=Test', '-c', 'user.email=test@kata.example'];
  await run([...git, 'commit', '--quiet', '--all', '-m', 'two']);
  const after = (await origin({ version: 'main' })).custom?.snapshot.id;
  expect(after).toBe(await head(components));
  expect(after).not.toBe(before);
  expect((await origin({ version: 'v1' })).custom?.snapshot.id).toBe(before);
});

test('a repository alone is resolved at the version that versions.yaml names', async () => {
  const fork = join(directory, 'fork');
  await run(['git', 'clone', '--quiet', components, fork]);
  expect((await origin({ repository: fork })).custom?.name).toMatch(`${fork} at v1 (`);
});

test.for<[claim: string, given: { repository?: string; version?: string }, problem: string]>([
  [
    'a version that does not exist',
    { version: 'v9' },
    'KATA_CDH_VERSION=v9: COMPONENTS has no branch, tag or commit v9',
  ],
  [
    'a commit that does not exist',
    { version: '0123456789012345678901234567890123456789' },
    'KATA_CDH_VERSION=0123456789012345678901234567890123456789: COMPONENTS has no branch, tag or commit 0123456789012345678901234567890123456789',
  ],
  ['a directory without git', { repository: '/usr/lib' }, 'KATA_CDH_REPO=/usr/lib: /usr/lib is not a git repository'],
  ['a missing directory', { repository: '/no/where' }, 'KATA_CDH_REPO=/no/where: /no/where: no such directory'],
  [
    'a missing directory with a version',
    { repository: '/no/where', version: 'main' },
    'KATA_CDH_REPO=/no/where, KATA_CDH_VERSION=main: /no/where: no such directory',
  ],
  [
    'the working directory of a remote repository',
    { version: 'worktree' },
    'KATA_CDH_VERSION=worktree: KATA_CDH_REPO must be a path on this machine',
  ],
])('%s is rejected in one line that names the setting', async ([, given, problem]) => {
  const line = problem.replaceAll('COMPONENTS', components);
  await expect(origin(given)).rejects.toThrow(expect.objectContaining({ code: 'config', message: line }));
});

test('a Kata whose versions.yaml does not name the project is rejected in one line', async () => {
  const line =
    'versions.yaml of older-kata does not name the version of guest-components to build; set KATA_CDH_REPO and KATA_CDH_VERSION';
  await expect(origin({ version: 'main' }, olderKata)).rejects.toThrow(line);
  const found = await origin({}, olderKata);
  await expect(componentSource('KATA_CDH', GUEST_COMPONENTS_SOURCE, found, { store: store() })).rejects.toThrow(line);
});
