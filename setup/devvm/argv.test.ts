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
  sshPort: 2_222,
  sockets: { console: '/run/c.sock', qmp: '/run/q.sock' },
  consoleLog: '/run/c.log',
};

const after = (args: readonly string[], flag: string): string[] =>
  args.flatMap((arg, index) => (arg === flag ? [args[index + 1] ?? ''] : []));

test('emulated, the processor is one in which KVM runs', () => {
  expect(after(devVmArguments(CONFIG), '-cpu')).toEqual(['max']);
  expect(after(devVmArguments({ ...CONFIG, accelerator: 'kvm' }), '-cpu')).toEqual(['host']);
});

test('the only way through its network is in, by ssh, on loopback', () => {
  const [network] = after(devVmArguments(CONFIG), '-netdev');
  expect(network).toBe('user,id=network,restrict=on,hostfwd=tcp:127.0.0.1:2222-:22');
});

test('what is shared cannot be written to', () => {
  expect(after(devVmArguments(CONFIG), '-fsdev')).toEqual([
    'local,id=project,path=/src,security_model=none,readonly=on',
  ]);
});
