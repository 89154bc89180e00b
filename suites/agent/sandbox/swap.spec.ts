import { test as base, describe, expect, type Guest } from '../../../fixtures/test.ts';

const test = base
  .extend('guestOptions', { scope: 'file' }, { machine: { hotPlug: true } } as const)
  .extend('disk', async ({ cleanup, guest, within }) => {
    const disk = await plugDisk(guest, within('hot-plug').timeoutMs);
    cleanup.defer(() => guest.run(['sh', '-c', `swapoff ${disk.device} || true`]).then(() => {}));
    return disk;
  });

/** A disk that was plugged into the guest. */
interface Disk {
  /** Its PCI path, as AddSwap takes it: slots of the port and of the disk. */
  readonly slots: number[];
  /** Its device file in the guest. */
  readonly device: string;
}

describe('swap of a sandbox', { tags: ['agent-rpc', 'virtual-machine'] }, () => {
  test('AddSwap makes the guest swap to the hot-plugged disk at the PCI path of the request', async ({
    disk,
    guest,
  }) => {
    await guest.run(['mkswap', disk.device]);
    expect(await swaps(guest)).not.toContain(disk.device);
    await guest.agent.addSwap({ PCIPath: disk.slots });
    expect(await swaps(guest)).toContain(disk.device);
  });

  test('AddSwap of a disk without a swap area fails with "Invalid argument" and adds no swap', async ({
    disk,
    guest,
  }) => {
    await expect(guest.agent.addSwap({ PCIPath: disk.slots })).rejects.toMatchObject(NO_SWAP_AREA);
    expect(await swaps(guest)).not.toContain(disk.device);
  });

  test('AddSwap of an empty PCI port fails at the end of agent.hotplug_timeout', async ({ guest }) => {
    await expect(guest.agent.addSwap({ PCIPath: LAST_PORT })).rejects.toMatchObject({
      code: 'internal',
      details: expect.stringMatching(/Timeout.* after 3.* waiting for uevent VirtioBlkPciMatcher/is),
    });
  });

  test('AddSwapPath makes the guest swap to the device file of the request', {
    tags: ['main-rpc', 'swap-path-rpc'],
  }, async ({ disk: { device }, guest }) => {
    await guest.run(['mkswap', device]);
    await guest.agent.call('AddSwapPath', { path: device });
    expect(await swaps(guest)).toContain(device);
  });

  test('AddSwapPath of a disk without a swap area fails with "Invalid argument" and adds no swap', {
    tags: ['main-rpc', 'swap-path-rpc'],
  }, async ({ disk: { device }, guest }) => {
    await expect(guest.agent.call('AddSwapPath', { path: device })).rejects.toMatchObject(NO_SWAP_AREA);
    expect(await swaps(guest)).not.toContain(device);
  });
});

/** PCI path behind the last port for hot-plugged devices, which no test of this file uses. */
const LAST_PORT = [0x1b, 0];

const NO_SWAP_AREA = {
  code: 'internal',
  details: expect.stringMatching(/^libc::swapon get error Invalid argument \(os error 22\)/),
};

/** Device files to which the guest swaps. */
async function swaps(guest: Guest): Promise<string[]> {
  const { stdout } = await guest.run(['cat', '/proc/swaps']);
  return stdout
    .split('\n')
    .slice(1)
    .map((line) => line.split(/\s/, 1)[0] ?? '');
}

/** Plugs a disk into the guest and waits until its kernel has it. */
async function plugDisk(guest: Guest, timeout: number): Promise<Disk> {
  const { pciPath = '' } = await guest.plug({ kind: 'disk', mib: 16 });
  const [port = '', slot = ''] = pciPath.split('/');
  const script = `ls /sys/devices/pci0000:00/0000:00:${port}.0/*:${slot}.0/virtio*/block 2>/dev/null || true`;
  const name = async (): Promise<string> => (await guest.run(['sh', '-c', script])).stdout.trim();
  await expect.poll(name, { timeout }).toMatch(/^vd[a-z]$/);
  return { slots: [port, slot].map((part) => Number.parseInt(part, 16)), device: `/dev/${await name()}` };
}
