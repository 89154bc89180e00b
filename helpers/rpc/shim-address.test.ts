import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { findShimAddress, parseShimAddress } from './shim-address.ts';

const PLAIN = 'unix:///run/containerd/s/0a1b';

test.for([
  ['a plain address', PLAIN, { address: PLAIN, version: 2 }],
  ['an address with a line end', `${PLAIN}\n`, { address: PLAIN, version: 2 }],
  ['JSON of containerd 2', `{"version":3,"address":"${PLAIN}","protocol":"ttrpc"}`, { address: PLAIN, version: 3 }],
] as const)('the address of a shim is read from %s', ([, text, address]) => {
  expect(parseShimAddress(text)).toEqual(address);
});

test('a shim that speaks gRPC is rejected', () => {
  expect(() => parseShimAddress(`{"version":3,"address":"${PLAIN}","protocol":"grpc"}`)).toThrow(
    'the shim speaks grpc, not ttrpc',
  );
});

test('findShimAddress finds a container in any namespace, and prefers what containerd 2 wrote', async () => {
  const tasks = await mkdtemp(join(tmpdir(), 'kata-cc-tasks-'));
  onTestFinished(() => rm(tasks, { recursive: true }));
  for (const bundle of ['default/one', 'k8s.io/two']) await mkdir(join(tasks, bundle), { recursive: true });
  await writeFile(join(tasks, 'default/one/address'), PLAIN);
  await writeFile(join(tasks, 'k8s.io/two/address'), 'unix:///run/kata');
  await writeFile(join(tasks, 'k8s.io/two/bootstrap.json'), `{"version":2,"address":"${PLAIN}","protocol":"ttrpc"}`);
  expect(await findShimAddress(tasks, 'one')).toEqual({ address: PLAIN, version: 2 });
  expect(await findShimAddress(tasks, 'two')).toEqual({ address: PLAIN, version: 2 });
  expect(await findShimAddress(tasks, 'three')).toBeUndefined();
});
