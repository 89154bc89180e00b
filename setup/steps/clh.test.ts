import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { loadConfig } from '../config/config.ts';
import { withTarget } from '../config/validated.ts';
import { plan } from '../plan.ts';
import { checkClh } from './clh.ts';

const SIGNAL = AbortSignal.timeout(60_000);

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'kata-cc-clh-'));
});
afterEach(() => rm(directory, { recursive: true }));

/** The path of a program that prints a line. */
async function printing(line: string): Promise<string> {
  const path = join(directory, 'cloud-hypervisor');
  await writeFile(path, `#!/bin/sh\necho '${line}'\n`);
  await chmod(path, 0o755);
  return path;
}

test('a KATA_CLH that is another program is rejected in one line', async () => {
  const path = await printing('QEMU emulator version 10.0.13');
  await expect(checkClh(path, `KATA_CLH=${path}`, SIGNAL)).rejects.toThrow(
    `KATA_CLH=${path}: it is not a Cloud Hypervisor: --version prints "QEMU emulator version 10.0.13"`,
  );
});

test('a KATA_CLH says its version', async () => {
  const path = await printing('cloud-hypervisor v51.1.0');
  expect(await checkClh(path, `KATA_CLH=${path}`, SIGNAL)).toEqual({
    name: 'cloud-hypervisor',
    path,
    version: '51.1.0',
  });
});

test.for([
  [{ KATA_HYPERVISOR: 'clh' }, 'artefact'],
  [{ KATA_HYPERVISOR: 'clh', KATA_CLH: '/bin/true' }, 'service'],
  [{ KATA_HYPERVISOR: 'clh', KATA_BUNDLE: '/tmp' }, undefined],
  [{}, undefined],
] as const)('the plan of target kata with %j has Cloud Hypervisor as: %s', ([environment, kind]) => {
  const steps = plan(withTarget('kata', loadConfig({ KATA_RUNTIME: 'rs', ...environment })));
  expect(steps.find(({ id }) => id === 'cloud-hypervisor')?.kind).toBe(kind);
});
