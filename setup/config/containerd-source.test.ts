import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { GitStore } from '../../helpers/git/store.ts';
import { run } from '../../helpers/process/exec.ts';
import { repository } from '../steps/source/upstream-builds.example.ts';
import { containerdOrigin, containerdSource } from './containerd-source.ts';
import type { SourceRevision } from './resolved.ts';

const go = { path: '/go', version: '1.26.8', env: {} };

let directory: string;
let containerd: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'kata-cc-containerd-'));
  containerd = await repository(join(directory, 'containerd'), 'v1.7.9', { file: 'one' });
  for (const tag of ['v1.7.10', 'v1.7.11-rc.0', 'v2.3.4']) await run(['git', '-C', containerd, 'tag', tag]);
});
afterAll(() => rm(directory, { recursive: true, force: true }));

const store = (): GitStore => ({ directory: join(directory, 'store'), env: {} });

/** A Kata checkout whose versions.yaml has these entries of containerd. */
async function kata(name: string, entries: string): Promise<SourceRevision> {
  const text = `externals:\n  containerd: {${entries}}\n`;
  const path = await repository(join(directory, name), 'main-tag', { 'versions.yaml': text });
  const id = (await run(['git', '-C', path, 'rev-parse', 'HEAD'])).stdout.trim();
  return { name, snapshot: { repository: { kind: 'local', path }, revision: 'main', id, uncommitted: 0 } };
}

const never = (): Promise<never> => Promise.reject(new Error('asked for Kata'));

/** The revision of containerd that a version means, by its name. */
async function meant(version: string, from: () => Promise<SourceRevision> = never): Promise<string> {
  const settings = { containerdRepo: containerd, containerdVersion: version };
  const origin = await containerdOrigin(settings, { go: async () => go, kata: from, store: store() });
  return (await containerdSource(origin, { store: store() })).snapshot.revision;
}

test.for([
  ['v1.7', 'v1.7.10'],
  ['2.3', 'v2.3.4'],
  ['v1.7.9', 'v1.7.9'],
  ['main', 'main'],
])('KATA_CONTAINERD_VERSION=%s is %s, without a look at Kata', async ([version = '', revision]) => {
  expect(await meant(version)).toBe(revision);
});

test('latest and minimum are what versions.yaml of Kata declares; of CCv0, the version that it names', async () => {
  const today = await kata('today', 'minimum: v1.7, latest: v2.3');
  expect(await meant('latest', async () => today)).toBe('v2.3.4');
  expect(await meant('minimum', async () => today)).toBe('v1.7.10');
  const ccv0 = await kata('ccv0', 'version: v1.7.9');
  expect(await meant('latest', async () => ccv0)).toBe('v1.7.9');
  const none = await kata('none', 'description: none');
  await expect(meant('latest', async () => none)).rejects.toThrow(
    'KATA_CONTAINERD=source: versions.yaml of none names no containerd that it could mean; set KATA_CONTAINERD_VERSION to a tag, branch or commit',
  );
});

test.for([
  ['v9.9', 'has no release of v9.9'],
  ['v1.7.99', 'has no branch, tag or commit v1.7.99'],
])(
  'KATA_CONTAINERD_VERSION=%s, which does not exist, is rejected in one line',
  async ([version = '', problem = '']) => {
    const given = `KATA_CONTAINERD_REPO=${containerd}, KATA_CONTAINERD_VERSION=${version}`;
    await expect(meant(version)).rejects.toThrow(`${given}: ${containerd} ${problem}`);
  },
);

test('a KATA_CONTAINERD_REPO at which there is no repository is rejected before Kata is asked for the version', async () => {
  const settings = { containerdRepo: '/no/where', containerdVersion: 'latest' };
  await expect(containerdOrigin(settings, { go: async () => go, kata: never, store: store() })).rejects.toThrow(
    'KATA_CONTAINERD_REPO=/no/where: /no/where: no such directory',
  );
});

test('KATA_CONTAINERD=source needs Go, and a directory for its working tree', async () => {
  const settings = { containerdRepo: 'github.com/containerd/containerd', containerdVersion: 'worktree' };
  const lookups = { kata: never, store: store() };
  await expect(containerdOrigin(settings, { ...lookups, go: async () => undefined })).rejects.toThrow(
    'KATA_CONTAINERD=source: Go is not installed (https://go.dev)',
  );
  await expect(containerdOrigin(settings, { ...lookups, go: async () => go })).rejects.toThrow(
    'KATA_CONTAINERD_VERSION=worktree: KATA_CONTAINERD_REPO must be a path on this machine',
  );
});
