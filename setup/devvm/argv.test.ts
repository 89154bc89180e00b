import { expect, test } from 'vitest';
import { type DevVmConfig, devVmArguments } from './argv.ts';

const CONFIG: DevVmConfig = {
  accelerator: 'tcg',
  cpus: 2,
  memoryMib: 4_096,
  kernel: '/vmlinuz',
  initrd: '/initrd',
  disk: '/disk.qcow2',
  shares: [{ tag: 'project', path: '/src' }],
  sockets: { console: '/run/c.sock', qmp: '/run/q.sock' },
  consoleLog: '/run/c.log',
};

const after = (args: readonly string[], flag: string): string[] =>
  args.flatMap((arg, index) => (arg === flag ? [args[index + 1] ?? ''] : []));

test('emulated, it has one processor of AMD, and its kernel a periodic tick', () => {
  const args = devVmArguments(CONFIG);
  expect(after(args, '-smp')).toEqual(['1']);
  expect(after(args, '-cpu')).toEqual([expect.stringContaining('+svm,+npt')]);
  expect(after(args, '-append')).toEqual([expect.stringMatching(/ highres=off nohz=off norandmaps$/)]);
});

test('with KVM, it has the processors of its host, and nothing that makes up for emulation', () => {
  const args = devVmArguments({ ...CONFIG, accelerator: 'kvm' });
  expect(after(args, '-smp')).toEqual(['2']);
  expect(after(args, '-cpu')).toEqual(['host']);
  expect(after(args, '-append')).toEqual([expect.not.stringContaining('highres')]);
});

test('the only way through its network is in, by ssh, on loopback', () => {
  const [network] = after(devVmArguments(CONFIG), '-netdev');
  expect(network).toBe('user,id=network,restrict=on,hostfwd=tcp:127.0.0.1:0-:22');
});

test('what is shared cannot be written to', () => {
  expect(after(devVmArguments(CONFIG), '-fsdev')).toEqual([
    'local,id=project,path=/src,security_model=none,readonly=on',
  ]);
});

test('a path with a comma is one value of its option', () => {
  const comma = { ...CONFIG, disk: '/a,b/disk', shares: [{ tag: 'project', path: '/a,b' }], consoleLog: '/a,b/log' };
  const args = devVmArguments(comma);
  expect(after(args, '-fsdev')[0]).toContain('path=/a,,b,security_model');
  expect(after(args, '-blockdev')[0]).toMatch(/file\.filename=\/a,,b\/disk$/);
  expect(after(args, '-chardev')[0]).toMatch(/logfile=\/a,,b\/log$/);
});

test('it boots, or goes on from what was saved', () => {
  expect(after(devVmArguments(CONFIG), '-loadvm')).toEqual([]);
  expect(after(devVmArguments({ ...CONFIG, from: 'node' }), '-loadvm')).toEqual(['node']);
});
