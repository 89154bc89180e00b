import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TargetName } from '../../helpers/contract/target.ts';
import type { DeclaredVersions } from '../../helpers/kata/declared-versions.ts';
import { loadConfig } from '../config/config.ts';
import { withTarget } from '../config/validated.ts';
import { repository } from '../steps/source/upstream-builds.example.ts';
import { declaredHere } from './declared-here.ts';

const VERSIONS = 'externals:\n  containerd: {minimum: v1.7, latest: v2.3}\n';
const RANGE = { containerd: { minimum: 'v1.7', latest: 'v2.3' } };

let directory: string;
let kata: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'kata-cc-declared-'));
  kata = await repository(join(directory, 'kata'), 'with-versions', { 'versions.yaml': VERSIONS });
});
afterAll(() => rm(directory, { recursive: true, force: true }));

function declared(target: TargetName, environment: Record<string, string>): Promise<DeclaredVersions | undefined> {
  const here = { KATA_CACHE_DIR: join(directory, 'cache'), katacontainers_repo: kata };
  return declaredHere(withTarget(target, loadConfig({ ...here, ...environment })));
}

test('the versions of a checkout are those of its revision, or of its files as they are', async () => {
  expect(await declared('kata', { katacontainers_branch: 'with-versions' })).toEqual(RANGE);
  await writeFile(join(kata, 'versions.yaml'), VERSIONS.replace('v1.7', 'v2.0'));
  expect(await declared('kata', { katacontainers_branch: 'worktree' })).toEqual({
    containerd: { minimum: 'v2.0', latest: 'v2.3' },
  });
  expect(await declared('kata', { katacontainers_branch: 'with-versions' })).toEqual(RANGE);
});

test('nothing is declared where no Kata is built, and nothing is known of a commit that was never fetched', async () => {
  expect(await declared('local', { KATA_AGENT: 'stand-in' })).toBeUndefined();
  const remote = { katacontainers_repo: 'github.com/kata.example/kata', katacontainers_branch: 'a'.repeat(40) };
  expect(await declared('kata', remote)).toBeUndefined();
  expect(await declared('kata', { ...remote, katacontainers_branch: 'main' })).toBeUndefined();
});

test('a bundle declares what its source declared; a directory that is none, and a missing revision, are rejected', async () => {
  const bundle = await mkdtemp(join(directory, 'bundle-'));
  await expect(declared('kata', { KATA_BUNDLE: bundle })).rejects.toThrow(
    `KATA_BUNDLE=${bundle}: it contains no bundle`,
  );
  const description = { agent: { kind: 'kata-agent', version: '4.1.0', generation: 'guest-pull' }, declared: RANGE };
  await writeFile(join(bundle, 'bundle.json'), JSON.stringify(description));
  expect(await declared('kata', { KATA_BUNDLE: bundle })).toEqual(RANGE);
  await expect(declared('kata', { katacontainers_branch: 'nowhere' })).rejects.toThrow(
    `katacontainers_branch=nowhere: ${kata} has no branch, tag or commit nowhere`,
  );
});
