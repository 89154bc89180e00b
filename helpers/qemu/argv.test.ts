import { describe, expect, test } from 'vitest';
import { qemuArguments, vsockProperties } from './argv.ts';
import type { VmConfig } from './vm-config.ts';

const MACHINE: VmConfig = {
  accelerator: 'tcg',
  memoryMib: 512,
  memory: { kind: 'shared' },
  cpus: 2,
  kernel: '/k/vmlinuz',
  initrd: '/k/initrd',
  commandLine: 'console=ttyS0 quiet',
  disks: ['/d/one', '/d/two,with comma'],
  vsock: { kind: 'vhost-user', socket: '/r/vhost.sock' },
  forwards: [{ guestAddress: '10.0.2.100:5000', socket: '/r/proxy.sock' }],
  sockets: { console: '/r/console.sock', qmp: '/r/qmp.sock' },
  consoleLog: '/r/console.log',
  forwardLog: '/r/forward.log',
};

/** Values of one option of the QEMU command line, in order. */
const valuesOf = (config: VmConfig, option: string): string[] => {
  const words = qemuArguments(config);
  return words.flatMap((word, index) => (word === option ? [words[index + 1] ?? ''] : []));
};

describe('qemuArguments', () => {
  test('qemuArguments disables default devices and user configuration, and adds no network without forwards', () => {
    expect(qemuArguments(MACHINE)).toEqual(expect.arrayContaining(['-nodefaults', '-no-user-config', '-no-reboot']));
    expect(valuesOf({ ...MACHINE, vsock: undefined, forwards: undefined } as never, '-netdev')).toEqual([]);
  });

  test('qemuArguments passes kernel, initrd and kernel command line', () => {
    expect(valuesOf(MACHINE, '-kernel')).toEqual(['/k/vmlinuz']);
    expect(valuesOf(MACHINE, '-initrd')).toEqual(['/k/initrd']);
    expect(valuesOf(MACHINE, '-append')).toEqual(['console=ttyS0 quiet']);
  });

  test('qemuArguments selects -cpu host with KVM, and Nehalem without SSE 4.2 with TCG', () => {
    expect(valuesOf(MACHINE, '-cpu')).toEqual(['Nehalem,-sse4.2']);
    expect(valuesOf({ ...MACHINE, accelerator: 'kvm' }, '-cpu')).toEqual(['host']);
  });

  test('qemuArguments runs several vCPUs in a single TCG thread, and sets no thread option for KVM or one vCPU', () => {
    expect(valuesOf(MACHINE, '-accel')).toEqual(['tcg,thread=single']);
    expect(valuesOf({ ...MACHINE, cpus: 1 }, '-accel')).toEqual(['tcg']);
    expect(valuesOf({ ...MACHINE, accelerator: 'kvm' }, '-accel')).toEqual(['kvm']);
  });

  test('qemuArguments leaves room for hot-plugged devices only in a VM with hotPlug', () => {
    const roomy: VmConfig = { ...MACHINE, cpus: 1, hotPlug: { ports: 2, cpus: 1, memoryMib: 256 } };
    expect(valuesOf(roomy, '-smp')).toEqual(['1,maxcpus=2']);
    expect(valuesOf(roomy, '-m')).toEqual(['512,slots=1,maxmem=768M']);
    expect(valuesOf(roomy, '-device')).toContain('pcie-root-port,id=plug1,bus=pcie.0,addr=0x11,chassis=17,slot=17');
    expect(valuesOf(roomy, '-accel')).toEqual(['tcg,thread=single']);
    expect(valuesOf(MACHINE, '-smp')).toEqual(['2']);
    expect(valuesOf(MACHINE, '-m')).toEqual(['512']);
  });

  test('qemuArguments opens disks read-only and without file locking, and escapes commas in their paths', () => {
    expect(valuesOf(MACHINE, '-drive')).toEqual([
      'if=none,id=disk0,format=raw,readonly=on,file.locking=off,file=/d/one',
      'if=none,id=disk1,format=raw,readonly=on,file.locking=off,file=/d/two,,with comma',
    ]);
  });

  test.for([
    [{ kind: 'anonymous' }, 'memory-backend-ram,id=memory,size=512M'],
    [{ kind: 'shared' }, 'memory-backend-memfd,id=memory,size=512M,share=on'],
    [{ kind: 'file', path: '/m' }, 'memory-backend-file,id=memory,size=512M,mem-path=/m,share=on'],
  ] as const)('qemuArguments adds a memory backend for %j', ([memory, object]) => {
    expect(valuesOf({ ...MACHINE, memory }, '-object')).toEqual([object]);
  });

  test('qemuArguments restricts the network to the forwards, with one socat for each connection', () => {
    expect(valuesOf(MACHINE, '-netdev')).toEqual([
      'user,id=network,restrict=on,guestfwd=tcp:10.0.2.100:5000-cmd:socat -lf/r/forward.log - UNIX-CONNECT:/r/proxy.sock',
    ]);
  });

  test('qemuArguments adds -incoming defer for a clone, and only for a clone', () => {
    expect(valuesOf(MACHINE, '-incoming')).toEqual([]);
    expect(valuesOf({ ...MACHINE, incoming: true }, '-incoming')).toEqual(['defer']);
  });
});

describe('vsockProperties', () => {
  test('vsockProperties addresses a vhost-vsock device by its CID', () => {
    expect(vsockProperties({ kind: 'vhost-vsock', cid: 70_000 })).toEqual({
      driver: 'vhost-vsock-pci',
      id: 'vsock',
      bus: 'vsock-slot',
      'guest-cid': 70_000,
    });
  });

  test('qemuArguments connects a vhost-user-vsock device to the socket of vhost-device-vsock', () => {
    const device = 'vhost-user-vsock-pci,id=vsock,bus=vsock-slot,chardev=vsock';
    expect(valuesOf(MACHINE, '-device')).toContain(device);
    expect(valuesOf(MACHINE, '-chardev')).toContain('socket,id=vsock,path=/r/vhost.sock');
  });
});
