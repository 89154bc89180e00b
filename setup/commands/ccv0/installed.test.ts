import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { inTemporaryDirectory } from '../../../helpers/temporary-directory.ts';
import { installedKata } from './installed.ts';

const AGENT = { kind: 'kata-agent', version: '4.1.0', generation: 'guest-pull' };

test.for([
  [
    'pulls images in guests if the bundle has a CDH',
    { cdh: true },
    { runtime: 'go', hypervisor: 'qemu', builtQemu: false, guestPull: 'force' },
  ],
  [
    'has upstream’s general configuration without a CDH',
    { runtime: 'rs' },
    { runtime: 'rs', hypervisor: 'qemu', builtQemu: false },
  ],
  [
    'uses the Cloud Hypervisor of the bundle',
    { runtime: 'rs', clh: { name: 'cloud-hypervisor' } },
    { runtime: 'rs', hypervisor: 'clh', builtQemu: false },
  ],
  ['uses the QEMU of the bundle', { qemu: { version: '9' } }, { runtime: 'go', hypervisor: 'qemu', builtQemu: true }],
] as const)('Kata of a bundle %s', async ([, properties, expected]) => {
  await inTemporaryDirectory(join(tmpdir(), 'bundle-'), async (bundle) => {
    await writeFile(join(bundle, 'bundle.json'), JSON.stringify({ agent: AGENT, ...properties }));
    expect(
      await installedKata({ bundle, cdh: undefined, hypervisor: 'qemu', qemu: 'distro', runtime: 'auto' }),
    ).toEqual(expected);
  });
});

test('Kata that was built here has the properties of its settings', async () => {
  const config = { bundle: undefined, cdh: '/cdh', hypervisor: 'qemu', qemu: 'source', runtime: 'rs' } as const;
  expect(await installedKata(config)).toEqual({
    runtime: 'rs',
    hypervisor: 'qemu',
    builtQemu: true,
    guestPull: 'force',
  });
});
