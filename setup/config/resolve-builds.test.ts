import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TargetName } from '../../helpers/contract/target.ts';
import { run } from '../../helpers/process/exec.ts';
import { loadConfig } from './config.ts';
import { resolveConfig } from './resolve.ts';
import { resolveBuilds } from './resolve-builds.ts';
import type { Builds, ResolvedConfig } from './resolved.ts';
import { withTarget } from './validated.ts';

let directory: string;
let repository: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'kata-cc-builds-'));
  repository = join(directory, 'kata');
  await run(['git', 'init', '--quiet', '--initial-branch=main', repository]);
  const name = ['-c', 'user.name=Test', '-c', 'user.email=test@kata.example'];
  await run(['git', '-C', repository, ...name, 'commit', '--quiet', '--allow-empty', '-m', 'one']);
});
afterAll(() => rm(directory, { recursive: true, force: true }));

function resolved(environment: Record<string, string>, target: TargetName = 'vm'): Promise<ResolvedConfig> {
  const here = { KATA_CACHE_DIR: join(directory, 'cache'), katacontainers_repo: repository };
  return resolveConfig(
    withTarget(target, loadConfig({ ...here, katacontainers_branch: 'main', KATA_AGENT: 'stand-in', ...environment })),
  );
}

const [cargo, go] = [() => Promise.resolve(undefined), () => Promise.resolve(undefined)];

/** Resolves the builds of target `kata`, but without Kata's own programs, which need a toolchain. */
function builds(environment: Record<string, string>): Promise<Builds> {
  const kata = (): Promise<never> => Promise.reject(new Error('asked for Kata'));
  const config = withTarget('kata', loadConfig(environment));
  return resolveBuilds(config, { kata, cargo, go, store: { directory: join(directory, 'store'), env: {} } });
}

const COMMIT = { snapshot: { id: expect.stringMatching(/^[0-9a-f]{40}$/) } };

test('KATA_KERNEL=source needs a Kata checkout with any agent; other kernels need none', async () => {
  expect(await resolved({ KATA_KERNEL: 'source' })).toMatchObject({
    kernelBuild: { packaging: COMMIT },
    agent: 'stand-in',
  });
  expect(await resolved({ KATA_KERNEL: 'build' })).not.toHaveProperty('kernelBuild');
  expect(await resolved({ KATA_KERNEL: 'source' }, 'local')).not.toHaveProperty('kernelBuild');
});

test('the id of the custom kernel in KATA_KERNEL_SOURCE changes with each of its files', async () => {
  const tree = join(directory, 'linux');
  await mkdir(join(tree, 'fs'), { recursive: true });
  const file = join(tree, 'fs/file.c');
  await writeFile(file, 'one');
  const id = async (): Promise<string | undefined> =>
    (await resolved({ KATA_KERNEL: 'source', KATA_KERNEL_SOURCE: tree })).kernelBuild?.custom?.id;
  const before = await id();
  expect(before).toMatch(/^[0-9a-f]{16}$/);
  expect(await id()).toBe(before);
  await utimes(file, 1, 1);
  expect(await id()).not.toBe(before);
});

test('a missing kernel source or git revision is reported in one line', async () => {
  await expect(resolved({ KATA_KERNEL: 'source', KATA_KERNEL_SOURCE: '/no/where' })).rejects.toThrow(
    'KATA_KERNEL_SOURCE=/no/where: no such directory or archive',
  );
  const qemu = (settings: Record<string, string>): Promise<Builds> =>
    resolveBuilds(
      {
        ...withTarget('kata', loadConfig({ KATA_QEMU: 'source', ...settings })),
        source: {} as NonNullable<ResolvedConfig['source']>,
      },
      {
        kata: () => Promise.reject(new Error('asked for Kata')),
        cargo,
        go,
        store: { directory: join(directory, 'store'), env: {} },
      },
    );
  await expect(qemu({ KATA_QEMU_REPO: '/no/where' })).rejects.toThrow(
    'KATA_QEMU_REPO=/no/where: /no/where: no such directory',
  );
  await expect(qemu({ KATA_QEMU_REPO: repository, KATA_QEMU_VERSION: 'v9' })).rejects.toThrow(
    `KATA_QEMU_VERSION=v9: ${repository} has no branch, tag or commit v9`,
  );
});

test('with KATA_BUNDLE nothing is built and no source is resolved', async () => {
  const bundle = { KATA_BUNDLE: directory, KATA_KERNEL: 'source', KATA_QEMU: 'source' };
  expect(await builds({ ...bundle, KATA_KERNEL_SOURCE: '/no/where' })).toEqual({});
  await expect(builds({ KATA_QEMU: 'source' })).rejects.toThrow('asked for Kata');
});

test('KATA_CDH=source needs cargo, and a checkout unless repository and version are set', async () => {
  await expect(builds({ KATA_CDH: 'source' })).rejects.toThrow('KATA_CDH=source: cargo is not installed');
  const asked = (environment: Record<string, string>): Promise<Builds> =>
    resolveBuilds(withTarget('vm', loadConfig({ KATA_CDH: 'source', ...environment })), {
      kata: () => Promise.reject(new Error('asked for Kata')),
      cargo: async () => ({ path: '/cargo', version: '1.95.0', env: {} }),
      go,
      store: { directory: join(directory, 'store'), env: {} },
    });
  await expect(asked({ KATA_CDH_REPO: repository })).rejects.toThrow('asked for Kata');
  expect(await asked({ KATA_AGENT: 'stand-in' })).toEqual({});
  const given = { KATA_CDH_REPO: repository, KATA_CDH_VERSION: 'main' };
  expect(await asked(given)).toEqual({
    cdhBuild: {
      cargo: expect.anything(),
      custom: expect.objectContaining({ snapshot: expect.objectContaining(COMMIT.snapshot) }),
    },
  });
  await expect(asked({ ...given, KATA_CDH_VERSION: 'v9' })).rejects.toThrow(
    `KATA_CDH_REPO=${repository}, KATA_CDH_VERSION=v9: ${repository} has no branch, tag or commit v9`,
  );
});
