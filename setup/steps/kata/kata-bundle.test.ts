import { mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { inTemporaryDirectory } from '../../../helpers/temporary-directory.ts';
import { type KataBundle, readBundle } from './kata-bundle.ts';

const AGENT = { kind: 'kata-agent', version: '4.1.0', generation: 'guest-pull', features: [] };

/** Reads a bundle with this description; paths are relative to it. */
function read(description: object): Promise<KataBundle> {
  return inTemporaryDirectory(join(tmpdir(), 'kata-cc-bundle-'), async (directory) => {
    await mkdir(directory, { recursive: true });
    await writeFile(join(directory, 'bundle.json'), JSON.stringify({ agent: AGENT, guestEtc: 'x', ...description }));
    return JSON.parse(JSON.stringify(await readBundle(directory)).replaceAll(directory, '')) as KataBundle;
  });
}

test('readBundle finds the KBS of a bundle in its directory', async () => {
  expect((await read({ kbs: { name: 'kbs', version: '0.2.0' } })).kbs).toEqual({
    name: 'kbs',
    version: '0.2.0',
    path: '/kbs',
  });
});

test('readBundle finds the containerd of a bundle in its directory, and what its source declares of versions', async () => {
  const declared = { containerd: { minimum: 'v1.7' } };
  expect(await read({ containerd: { name: 'containerd', version: '2.3.4' }, declared })).toMatchObject({
    containerd: { name: 'containerd', version: '2.3.4', path: '/containerd/containerd' },
    declared,
  });
});

test('readBundle finds the nydus-snapshotter of a bundle in its directory', async () => {
  expect((await read({ nydus: { name: 'containerd-nydus-grpc', version: '0.15.15' } })).nydus).toEqual({
    name: 'containerd-nydus-grpc',
    version: '0.15.15',
    path: '/nydus/containerd-nydus-grpc',
  });
});

test('readBundle finds no KBS and no hash tree in a bundle without them', async () => {
  const bundle = await read({});
  expect(bundle).toMatchObject({ root: '/root', agent: { path: '/kata-agent' } });
  expect(bundle).not.toHaveProperty('kbs');
  expect(bundle).not.toHaveProperty('containerd');
  expect(bundle).not.toHaveProperty('nydus');
  expect(bundle).not.toHaveProperty('verity');
});

test.for([
  ['xx{', 'bundle.json is not JSON'],
  ['{}', 'bundle.json has no field agent'],
] as const)('a bundle.json of %j is rejected', async ([text, problem]) => {
  await inTemporaryDirectory(join(tmpdir(), 'kata-cc-bundle-'), async (directory) => {
    await writeFile(join(directory, 'bundle.json'), text);
    await expect(readBundle(directory)).rejects.toThrow(`KATA_BUNDLE=${directory}: ${problem}`);
  });
});
