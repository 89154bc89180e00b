import { expect, test } from 'vitest';
import { parseMountInfo } from '../namespace/mounts.ts';
import type { HostProcess } from '../process/process.ts';
import { describeResources, mountsOf, processesOf, untilNoSandboxResources } from './sandbox-resources.ts';

const ID = 'd9d3e7e0c2f44f0a';
const OTHER = 'ffd3e7e0c2f44f0b';
const at = (pid: number, line: string): HostProcess => ({ pid, words: line.split(' ') });

const PROCESSES = [
  at(10, `/usr/local/bin/containerd-shim-kata-v2 -namespace k8s.io -address /run/containerd/containerd.sock -id ${ID}`),
  at(
    11,
    `/usr/lib/qemu/virtiofsd --syslog -o cache=auto -o no_posix_lock -o source=/run/kata-containers/shared/sandboxes/${ID}/shared`,
  ),
  at(12, `/usr/bin/qemu-system-x86_64 -name sandbox-${ID} -uuid 8ae1 -machine q35,accel=kvm`),
  at(13, `socat -u UNIX-CONNECT:/run/vc/vm/${ID}/console.sock CREATE:/tmp/console.log`),
  at(14, `/usr/bin/qemu-system-x86_64 -name sandbox-${OTHER} -uuid 8ae2`),
  at(15, `/usr/local/bin/containerd-shim-kata-v2 -namespace k8s.io -id ${OTHER}`),
  at(16, `/usr/bin/containerd-shim-runc-v2 -namespace k8s.io -id ${ID}`),
];

test('processesOf finds a sandbox’s shim, VM and virtiofsd, not another’s, runc’s shim or a console reader', () => {
  const { fileServers, hypervisors, shims } = processesOf(ID, PROCESSES);
  expect([shims, hypervisors, fileServers].map((found) => found.map(({ pid }) => pid))).toEqual([[10], [12], [11]]);
});

test('processesOf finds the Cloud Hypervisor of a sandbox by the path of its API socket, not another’s', () => {
  const clh = (pid: number, id: string): HostProcess =>
    at(pid, `/opt/kata/bin/cloud-hypervisor --api-socket /run/kata/${id}/root/ch-api.sock`);
  expect(processesOf(ID, [clh(20, ID), clh(21, OTHER)]).hypervisors.map(({ pid }) => pid)).toEqual([20]);
});

test('mountsOf finds the mounts whose path has the sandbox id as a component', () => {
  const line = (path: string): string => `36 35 98:0 / ${path} rw,noatime - overlay overlay rw`;
  const mine = `/run/kata-containers/shared/sandboxes/${ID}/shared`;
  const mountInfo = [line(mine), line('/'), line(`/run/x/${ID}0`), line(`/run/x/${OTHER}`)].join('\n');
  expect(mountsOf(ID, parseMountInfo(Buffer.from(mountInfo))).map(({ point }) => point)).toEqual([mine]);
});

test('untilNoSandboxResources returns at once for an unknown sandbox', async () => {
  await untilNoSandboxResources('nosuchsandbox', { timeoutMs: 0 });
});

test('describeResources names each process, mount and directory on a line', () => {
  const resources = {
    ...processesOf(ID, PROCESSES),
    mounts: parseMountInfo(Buffer.from('36 35 98:0 / /run/m rw - tmpfs none rw')),
    directories: ['/run/vc/vm/x'],
  };
  expect(describeResources(resources)).toEqual([
    'process 10 /usr/local/bin/containerd-shim-kata-v2',
    'process 12 /usr/bin/qemu-system-x86_64',
    'process 11 /usr/lib/qemu/virtiofsd',
    'mount /run/m',
    'directory /run/vc/vm/x',
  ]);
});
