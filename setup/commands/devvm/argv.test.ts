import { expect, test } from 'vitest';
import { type DevVmConfig, devVmArguments } from './argv.ts';

const CONFIG: DevVmConfig = {
  accelerator: 'tcg',
  debian: '13',
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

test('an emulated dev VM has one AMD processor and a kernel with a periodic tick', () => {
  const args = devVmArguments(CONFIG);
  expect(after(args, '-smp')).toEqual(['1']);
  expect(after(args, '-cpu')).toEqual([expect.stringContaining('+svm,+npt')]);
  expect(after(args, '-append')).toEqual([expect.stringMatching(/ highres=off nohz=off norandmaps no_timer_check$/)]);
});

test('an emulated dev VM for Cloud Hypervisor has a processor with XSAVE and without AVX, one with KVM the processor of the host', () => {
  expect(after(devVmArguments({ ...CONFIG, xsave: true }), '-cpu')).toEqual([
    expect.stringMatching(/^max,-avx,-avx2,/),
  ]);
  expect(after(devVmArguments({ ...CONFIG, accelerator: 'kvm', xsave: true }), '-cpu')).toEqual(['host']);
});

test('a dev VM of Debian 13 has cgroup v2, one of Debian 12 cgroup v1', () => {
  expect(after(devVmArguments(CONFIG), '-append')).toEqual([expect.stringContaining('unified_cgroup_hierarchy=1 ')]);
  const older = devVmArguments({ ...CONFIG, debian: '12' });
  expect(after(older, '-append')).toEqual([expect.stringContaining('unified_cgroup_hierarchy=0 ')]);
});

test("a dev VM with KVM has the host's processor model and none of the settings for emulation", () => {
  const args = devVmArguments({ ...CONFIG, accelerator: 'kvm' });
  expect(after(args, '-smp')).toEqual(['2']);
  expect(after(args, '-cpu')).toEqual(['host']);
  expect(after(args, '-append')).toEqual([expect.not.stringContaining('highres')]);
});

test('the network of a dev VM only accepts ssh, on loopback', () => {
  const [network] = after(devVmArguments(CONFIG), '-netdev');
  expect(network).toBe('user,id=network,restrict=on,hostfwd=tcp:127.0.0.1:0-:22');
});

test('the shared directories of a dev VM are read-only', () => {
  expect(after(devVmArguments(CONFIG), '-fsdev')).toEqual([
    'local,id=project,path=/src,security_model=none,readonly=on',
  ]);
});

test('devVmArguments escapes commas in paths', () => {
  const comma = { ...CONFIG, disk: '/a,b/disk', shares: [{ tag: 'project', path: '/a,b' }], consoleLog: '/a,b/log' };
  const args = devVmArguments(comma);
  expect(after(args, '-fsdev')[0]).toContain('path=/a,,b,security_model');
  expect(after(args, '-blockdev')[0]).toMatch(/file\.filename=\/a,,b\/disk$/);
  expect(after(args, '-chardev')[0]).toMatch(/logfile=\/a,,b\/log$/);
});

test('a dev VM boots, or continues from a snapshot with -loadvm', () => {
  expect(after(devVmArguments(CONFIG), '-loadvm')).toEqual([]);
  expect(after(devVmArguments({ ...CONFIG, from: 'node' }), '-loadvm')).toEqual(['node']);
});
