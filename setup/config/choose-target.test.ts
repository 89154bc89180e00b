import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { exampleHost } from '../host/example-host.ts';
import { chooseTarget, rememberTarget } from './choose-target.ts';
import { loadConfig } from './config.ts';
import type { Config } from './validated.ts';

let cacheDir: string;
beforeEach(async () => {
  cacheDir = await mkdtemp(join(tmpdir(), 'kata-cc-target-'));
});
afterEach(() => rm(cacheDir, { recursive: true, force: true }));

const asked = (environment: Record<string, string> = {}): Config =>
  loadConfig({ KATA_CACHE_DIR: cacheDir, ...environment });

describe('KATA_TARGET=auto', () => {
  test('an explicit KATA_TARGET is kept', async () => {
    expect(await chooseTarget(asked({ KATA_TARGET: 'local' }), exampleHost())).toEqual({ target: 'local' });
  });

  test('KATA_TARGET=auto resolves to vm if QEMU can be installed', async () => {
    const choice = await chooseTarget(asked(), exampleHost());
    expect(choice).toEqual({ target: 'vm', whyTarget: 'QEMU can be installed' });
  });

  test('KATA_TARGET=auto resolves to local if VMs are impossible, and reports the reason', async () => {
    const choice = await chooseTarget(asked(), exampleHost({ memoryMib: 2_048 }));
    expect(choice).toEqual({
      target: 'local',
      whyTarget: 'not vm: 2048 MiB of memory: 4096 MiB are needed, guests write to memory',
    });
  });

  test('KATA_TARGET=auto resolves to the last target set up, if this machine can still run it', async () => {
    await rememberTarget({ cacheDir, target: 'vm' });
    const choice = await chooseTarget(asked(), exampleHost());
    expect(choice).toEqual({ target: 'vm', whyTarget: 'it was the last target set up here' });
    expect(await chooseTarget(asked(), exampleHost({ memoryMib: 2_048 }))).toMatchObject({ target: 'local' });
  });

  test('KATA_TARGET=auto does not remember target local', async () => {
    await rememberTarget({ cacheDir, target: 'local' });
    expect(await chooseTarget(asked(), exampleHost())).toMatchObject({ target: 'vm' });
  });
});
