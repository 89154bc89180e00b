import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { chooseTarget, rememberTarget } from './choose-target.ts';
import { type Config, loadConfig } from './config.ts';
import { exampleHost } from './example-host.ts';

let cacheDir: string;
beforeEach(async () => {
  cacheDir = await mkdtemp(join(tmpdir(), 'kata-cc-target-'));
});
afterEach(() => rm(cacheDir, { recursive: true, force: true }));

const asked = (environment: Record<string, string> = {}): Config =>
  loadConfig({ KATA_CACHE_DIR: cacheDir, ...environment });

describe('the target', () => {
  test('is the one that was asked for', async () => {
    expect(await chooseTarget(asked({ KATA_TARGET: 'local' }), exampleHost())).toEqual({ target: 'local' });
  });

  test('is vm where QEMU can be installed', async () => {
    const choice = await chooseTarget(asked(), exampleHost());
    expect(choice).toEqual({ target: 'vm', whyTarget: 'QEMU can be installed' });
  });

  test('is local where virtual machines cannot be had, and the reason is said', async () => {
    const choice = await chooseTarget(asked(), exampleHost({ memoryMib: 2_048 }));
    expect(choice).toEqual({
      target: 'local',
      whyTarget: 'not vm: 2048 MiB of memory: 4096 MiB are needed, guests write to memory',
    });
  });

  test('is the one that was last set up, as long as this machine can carry it', async () => {
    await rememberTarget({ cacheDir, target: 'vm' });
    const choice = await chooseTarget(asked(), exampleHost());
    expect(choice).toEqual({ target: 'vm', whyTarget: 'it is what was last set up here' });
    expect(await chooseTarget(asked(), exampleHost({ memoryMib: 2_048 }))).toMatchObject({ target: 'local' });
  });

  test('local sets up nothing that stays, and is not remembered', async () => {
    await rememberTarget({ cacheDir, target: 'local' });
    expect(await chooseTarget(asked(), exampleHost())).toMatchObject({ target: 'vm' });
  });
});
