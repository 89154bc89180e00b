import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { GitStore } from '../../helpers/git/store.ts';
import { run } from '../../helpers/process/exec.ts';
import { repository } from '../steps/source/upstream-builds.example.ts';
import { nydusOrigin, nydusSource } from './nydus-source.ts';
import type { SourceRevision } from './resolved.ts';

const go = { path: '/go', version: '1.26.8', env: {} };

let directory: string;
let nydus: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'kata-cc-nydus-'));
  nydus = await repository(join(directory, 'nydus-snapshotter'), 'v0.15.15', { file: 'one' });
});
afterAll(() => rm(directory, { recursive: true, force: true }));

const store = (): GitStore => ({ directory: join(directory, 'store'), env: {} });

/** A Kata checkout whose versions.yaml has these externals. */
async function kata(name: string, externals: string): Promise<SourceRevision> {
  const path = await repository(join(directory, name), 'main-tag', { 'versions.yaml': `externals: {${externals}}\n` });
  const id = (await run(['git', '-C', path, 'rev-parse', 'HEAD'])).stdout.trim();
  return { name, snapshot: { repository: { kind: 'local', path }, revision: 'main', id, uncommitted: 0 } };
}

const never = (): Promise<never> => Promise.reject(new Error('asked for Kata'));

async function meant(nydusVersion: string | undefined, from: () => Promise<SourceRevision> = never): Promise<string> {
  const settings = { nydusRepo: nydus, nydusVersion };
  const origin = await nydusOrigin(settings, { go: async () => go, kata: from, store: store() });
  return (await nydusSource(origin, { store: store() })).snapshot.revision;
}

test('nydus-snapshotter is built from the version that versions.yaml of Kata names, or from the user’s without a look at Kata', async () => {
  const named = await kata('today', 'nydus-snapshotter: {url: u, version: v0.15.15}');
  expect(await meant(undefined, async () => named)).toBe('v0.15.15');
  expect(await meant('main')).toBe('main');
  const none = await kata('none', 'containerd: {version: v1.7.9}');
  await expect(meant(undefined, async () => none)).rejects.toThrow(
    'KATA_NYDUS=source: versions.yaml of none names no nydus-snapshotter that it could mean; set KATA_NYDUS_VERSION to a tag, branch or commit',
  );
});

test('a KATA_NYDUS_VERSION that does not exist is rejected in one line', async () => {
  await expect(meant('v0.99.9')).rejects.toThrow(
    `KATA_NYDUS_REPO=${nydus}, KATA_NYDUS_VERSION=v0.99.9: ${nydus} has no branch, tag or commit v0.99.9`,
  );
});

test('a KATA_NYDUS_REPO at which there is no repository is rejected before Kata is asked for the version', async () => {
  const lookups = { go: async () => go, kata: never, store: store() };
  await expect(nydusOrigin({ nydusRepo: '/no/where', nydusVersion: undefined }, lookups)).rejects.toThrow(
    'KATA_NYDUS_REPO=/no/where: /no/where: no such directory',
  );
  await expect(nydusOrigin({ nydusRepo: '/usr', nydusVersion: undefined }, lookups)).rejects.toThrow(
    'KATA_NYDUS_REPO=/usr: /usr is not a git repository',
  );
});

test('KATA_NYDUS=source needs Go, and a directory for its working tree', async () => {
  const settings = { nydusRepo: 'github.com/containerd/nydus-snapshotter', nydusVersion: 'worktree' };
  const lookups = { kata: never, store: store() };
  await expect(nydusOrigin(settings, { ...lookups, go: async () => undefined })).rejects.toThrow(
    'KATA_NYDUS=source: Go is not installed (https://go.dev)',
  );
  await expect(nydusOrigin(settings, { ...lookups, go: async () => go })).rejects.toThrow(
    'KATA_NYDUS_VERSION=worktree: KATA_NYDUS_REPO must be a path on this machine',
  );
});
