import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { SHIMS_FILE } from '../../helpers/kata/default-runtime.ts';
import { run } from '../../helpers/process/exec.ts';
import { repository } from '../steps/source/upstream-builds.example.ts';
import { resolveRuntime } from './kata-runtime.ts';
import { SEED_COMMIT } from './pins.ts';
import type { SourceRevision } from './resolved.ts';

const CTL = 'src/tools/kata-ctl/Cargo.toml';
const TEMPLATE = 'src/runtime-rs/config/configuration-qemu-runtime-rs.toml.in';
const FOR_CLH = 'src/runtime-rs/config/configuration-clh-runtime-rs.toml.in';
const GO_WITH_CDH = 'src/runtime/config/configuration-qemu-coco-dev.toml.in';

let directory: string;
/** A Kata whose releases install runtime-rs by default; two whose releases install the Go runtime; and one that has only that. */
let [kata4, kata3, withoutCtl, kata2]: SourceRevision[] = [];

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'kata-cc-runtime-'));
  kata4 = await revision('kata 4', {
    [SHIMS_FILE]: 'defaultShim: {amd64: qemu-runtime-rs}\n',
    [TEMPLATE]: '',
    [CTL]: '',
  });
  const files = { [SHIMS_FILE]: 'defaultShim: {amd64: qemu}\n', [TEMPLATE]: '', [FOR_CLH]: '', [GO_WITH_CDH]: '' };
  kata3 = await revision('kata 3', { ...files, [CTL]: '' });
  withoutCtl = await revision('kata 3.0', files);
  kata2 = await revision('kata 2', { file: '' });
});
afterAll(() => rm(directory, { recursive: true, force: true }));

async function revision(name: string, files: Record<string, string>): Promise<SourceRevision> {
  const path = await repository(join(directory, name.replace(' ', '-')), 'main-tag', files);
  const id = (await run(['git', '-C', path, 'rev-parse', 'HEAD'])).stdout.trim();
  return { name, snapshot: { repository: { kind: 'local', path }, revision: 'main', id, uncommitted: 0 } };
}

function resolve(
  source: SourceRevision | undefined,
  runtime: 'auto' | 'go' | 'rs',
  {
    cdh,
    hypervisor = 'qemu',
    kataCtl = 'no',
  }: { readonly cdh?: string; readonly hypervisor?: 'qemu' | 'clh'; readonly kataCtl?: 'no' | 'source' } = {},
): ReturnType<typeof resolveRuntime> {
  if (source === undefined) throw new Error('the repositories of this test were not created');
  return resolveRuntime({ cdh, hypervisor, kataCtl, runtime }, source, {
    store: { directory: join(directory, 'store'), env: {} },
  });
}

test('KATA_RUNTIME=auto is the runtime that the releases of a source install by default, with the file that says so', async () => {
  expect(await resolve(kata4, 'auto')).toEqual({
    builtRuntime: 'rs',
    whyRuntime: `the default of kata 4, by defaultShim in ${SHIMS_FILE}`,
  });
  expect(await resolve(kata3, 'auto')).toMatchObject({ builtRuntime: 'go' });
  expect(await resolve(kata2, 'auto')).toEqual({
    builtRuntime: 'go',
    whyRuntime: `kata 2 names no default in ${SHIMS_FILE}`,
  });
});

test('KATA_RUNTIME=go and rs choose the runtime, whatever the default', async () => {
  expect(await resolve(kata4, 'go')).toEqual({ builtRuntime: 'go' });
  expect(await resolve(kata3, 'rs')).toEqual({ builtRuntime: 'rs' });
});

test('KATA_RUNTIME=rs is rejected for a source without runtime-rs for QEMU, or without the one for KATA_CDH', async () => {
  await expect(resolve(kata2, 'rs')).rejects.toThrow(
    `KATA_RUNTIME=rs: kata 2 has no runtime-rs for QEMU (${TEMPLATE}); set KATA_RUNTIME=go`,
  );
  await expect(resolve(kata4, 'rs', { cdh: 'source' })).rejects.toThrow(
    'KATA_RUNTIME=rs: kata 4 has no runtime-rs for QEMU and KATA_CDH (src/runtime-rs/config/configuration-qemu-coco-dev-runtime-rs.toml.in)',
  );
});

test('KATA_HYPERVISOR=clh is rejected for a source whose runtime is the one in Go, or whose runtime-rs has no configuration for it', async () => {
  const clh = { hypervisor: 'clh' } as const;
  await expect(resolve(kata3, 'auto', clh)).rejects.toThrow(
    /^KATA_HYPERVISOR=clh: KATA_RUNTIME=auto means the Go runtime \(the default of kata 3, .*\), and guests run in Cloud Hypervisor with runtime-rs only; set KATA_RUNTIME=rs$/,
  );
  const lacks = `KATA_HYPERVISOR=clh: guests run in Cloud Hypervisor with runtime-rs only, and kata %s has no runtime-rs for Cloud Hypervisor (${FOR_CLH}); set katacontainers_branch to a Kata that has it, or set KATA_HYPERVISOR=qemu`;
  await expect(resolve(kata4, 'rs', clh)).rejects.toThrow(lacks.replace('%s', '4'));
  await expect(resolve(kata2, 'auto', clh)).rejects.toThrow(lacks.replace('%s', '2'));
});

test('KATA_CDH is rejected for a source whose Go runtime has no configuration for guests that pull', async () => {
  expect(await resolve(kata3, 'auto', { cdh: 'source' })).toMatchObject({ builtRuntime: 'go' });
  await expect(resolve(kata2, 'auto', { cdh: 'source' })).rejects.toThrow(
    `KATA_CDH=source: kata 2 has no Go runtime for guests that pull with a CDH (${GO_WITH_CDH}); set katacontainers_branch to a later Kata, or unset KATA_CDH`,
  );
});

test('the default revision has the Go runtime, which needs no repository to be known', async () => {
  const snapshot = { repository: { kind: 'remote', url: 'https://kata.invalid/kata' }, revision: 'main' } as const;
  const seed = { name: 'Kata', snapshot: { ...snapshot, id: SEED_COMMIT, uncommitted: 0 } };
  expect(await resolve(seed, 'auto')).toEqual({ builtRuntime: 'go' });
  await expect(resolve(seed, 'auto', { cdh: '/cdh' })).rejects.toThrow(
    /^KATA_CDH=\/cdh: Kata has no Go runtime for guests that pull with a CDH/,
  );
});

test('KATA_CTL=source is rejected for a source whose runtime is the one in Go, or which has no kata-ctl', async () => {
  const kataCtl = { kataCtl: 'source' } as const;
  await expect(resolve(kata3, 'auto', kataCtl)).rejects.toThrow(
    /^KATA_CTL=source: KATA_RUNTIME=auto means the Go runtime \(the default of kata 3, .*\), and kata-ctl is for runtime-rs only; set KATA_RUNTIME=rs$/,
  );
  await expect(resolve(kata2, 'auto', kataCtl)).rejects.toThrow(
    /^KATA_CTL=source: kata-ctl is for runtime-rs only, and kata 2 has no runtime-rs for QEMU \(.*\); set katacontainers_branch to a Kata that has it, or unset KATA_CTL$/,
  );
  for (const runtime of ['auto', 'rs'] as const) {
    await expect(resolve(withoutCtl, runtime, kataCtl)).rejects.toThrow(
      'KATA_CTL=source: kata 3.0 has no kata-ctl (src/tools/kata-ctl); unset it',
    );
  }
  expect(await resolve(kata4, 'auto', kataCtl)).toMatchObject({ builtRuntime: 'rs' });
});
