import { expect, test } from 'vitest';
import { kataVersions, withDeclared } from './running-versions.ts';

test('running versions are in the order of reports, each with what Kata declares of it', () => {
  const declared = { containerd: { minimum: 'v1.7' }, Kubernetes: { named: '1.23.1-00' } };
  expect(withDeclared({ QEMU: '7.2.22', runc: '1.1.5', containerd: '2.3.4' }, declared)).toEqual([
    { program: 'containerd', version: '2.3.4', declared: { minimum: 'v1.7' } },
    { program: 'runc', version: '1.1.5' },
    { program: 'QEMU', version: '7.2.22' },
  ]);
});

test('a bundle says the versions of its kernel, its own QEMU and the nydus-snapshotter with which its guests pull', () => {
  const qemu = { version: 'QEMU emulator version 6.1.0 (kata-static)', source: 'here', changes: [] };
  expect(kataVersions({ kernelRelease: '6.18.35', qemu })).toEqual({ 'guest kernel': '6.18.35', QEMU: '6.1.0' });
  expect(kataVersions({ kernelRelease: '6.18.35' })).toEqual({ 'guest kernel': '6.18.35' });
  const nydus = { name: 'containerd-nydus-grpc', path: '/n', version: '0.15.15' };
  expect(kataVersions({ kernelRelease: '6.18.35' }, nydus)).toMatchObject({ 'nydus-snapshotter': '0.15.15' });
});
