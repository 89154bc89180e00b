import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { inTemporaryDirectory } from '../../../helpers/temporary-directory.ts';
import { installedKata } from './installed.ts';

const AGENT = { kind: 'kata-agent', version: '4.1.0', generation: 'guest-pull' };

test.for([
  ['pulls images in guests if the bundle has a CDH', { cdh: true }, { builtQemu: false, guestPull: true }],
  ['has upstream’s general configuration without a CDH', {}, { builtQemu: false, guestPull: false }],
  ['uses the QEMU of the bundle', { qemu: { version: '9' } }, { builtQemu: true, guestPull: false }],
] as const)('Kata of a bundle %s', async ([, properties, expected]) => {
  await inTemporaryDirectory(join(tmpdir(), 'bundle-'), async (bundle) => {
    await writeFile(join(bundle, 'bundle.json'), JSON.stringify({ agent: AGENT, ...properties }));
    expect(await installedKata({ bundle, cdh: undefined, qemu: 'distro' })).toEqual(expected);
  });
});

test('Kata that was built here has the properties of its settings', async () => {
  const config = { bundle: undefined, cdh: '/cdh', qemu: 'source' } as const;
  expect(await installedKata(config)).toEqual({ builtQemu: true, guestPull: true });
});
