import {
  test as base,
  createContainer,
  type DeviceFields,
  describe,
  expect,
  type Guest,
  type PluggedDisk,
  pluggedDisk,
  readAll,
} from '../../../fixtures/test.ts';

// Field devices of CreateContainer: disks that are plugged into the VM and become devices of a container.

/** Numbers that the disk has on the host, which the agent replaces by those of the guest. */
const HOST_NUMBERS = { Major: 1, Minor: 9 };

const PATH = '/dev/data';

const test = base
  .extend('guestOptions', { scope: 'file' }, { machine: { hotPlug: true } } as const)
  .extend('disk', ({ guest, within }) => marked(guest, 'disk', within('hot-plug').timeoutMs))
  .extend('second', ({ guest, within }) => marked(guest, 'scsi-disk', within('hot-plug').timeoutMs))
  .extend('output', ({ guest, startRunning }) => {
    /** Output of a shell script in a container that has a device at /dev/data, and these devices of its request. */
    return async (script: string, devices: readonly DeviceFields[], env: readonly string[] = []): Promise<string> => {
      const { containerId, wait } = await startRunning(guest, {
        args: ['sh', '-c', script],
        env,
        linux: { Devices: [{ Path: PATH, Type: 'b', FileMode: 0o600, ...HOST_NUMBERS }] },
        request: { devices: [...devices] },
      });
      const output = await readAll(guest, 'stdout', containerId, containerId);
      await wait(containerId);
      return output;
    };
  });

const READ = `head -n 1 ${PATH}`;

describe('devices of a container on disks', { tags: ['containers', 'disk-storages', 'virtual-machine'] }, () => {
  test('a device of type blk is at its container path the disk with the PCI path of its id', async ({
    disk: { source },
    output,
  }) => {
    expect(await output(READ, [{ id: source, type: 'blk', containerPath: PATH }])).toBe('content of disk\n');
  });

  test('a device of type mmioblk is at its container path the disk with the device path of its vm_path', async ({
    disk: { device },
    output,
  }) => {
    expect(await output(READ, [{ type: 'mmioblk', vmPath: device, containerPath: PATH }])).toBe('content of disk\n');
  });

  test('a device of type scsi is at its container path the disk with the SCSI address of its id', async ({
    output,
    second: { source },
  }) => {
    expect(await output(READ, [{ id: source, type: 'scsi', containerPath: PATH }])).toBe('content of scsi-disk\n');
  });

  test('a container can write to the disk of its device', async ({
    guest,
    newId,
    output,
    second: { device, source },
  }) => {
    const written = newId();
    const write = `printf ${written} | dd of=${PATH} bs=1 seek=4096 conv=notrunc,fsync`;
    await output(write, [{ id: source, type: 'scsi', containerPath: PATH }]);
    const { stdout } = await guest.run(['sh', '-c', `dd if=${device} bs=1 skip=4096 count=${written.length}`]);
    expect(stdout).toBe(written);
  });

  test('a device of type vfio-pci-gk replaces the PCI address of the host in PCIDEVICE variables by the guest’s', {
    tags: ['vfio-addresses'],
  }, async ({ disk: { device, source }, guest, output }) => {
    const { stdout } = await guest.run([
      'sh',
      '-c',
      `readlink -f /sys/block/${device.slice('/dev/'.length)}/device/..`,
    ]);
    const address = stdout.trim().split('/').at(-1);
    const vfio = {
      id: 'vfio0',
      type: 'vfio-pci-gk',
      containerPath: '/dev/vfio/0',
      options: [`0000:3b:00.1=${source}`],
    };
    const env = ['PCIDEVICE_EXAMPLE_COM_NIC=0000:3b:00.1', 'OTHER=0000:3b:00.1'];
    const script = 'echo "$PCIDEVICE_EXAMPLE_COM_NIC $OTHER"';
    expect(await output(script, [vfio], env)).toBe(`${address} 0000:3b:00.1\n`);
  });

  test.for<readonly [device: string, devices: (disk: PluggedDisk) => readonly DeviceFields[], error: RegExp]>([
    ['without a type', ({ source }) => [{ id: source, containerPath: PATH }], /^invalid type for device /],
    ['without id and vm_path', () => [{ type: 'blk', containerPath: PATH }], /^invalid ID and VM path for device /],
    ['without a container path', ({ source }) => [{ id: source, type: 'blk' }], /^invalid container path for device /],
    [
      'of an unknown type',
      ({ source }) => [{ id: source, type: 'nosuch', containerPath: PATH }],
      /(Failed to find the device handler|Unknown device type) nosuch/,
    ],
    [
      'that is missing in the OCI specification',
      ({ source }) => [{ id: source, type: 'blk', containerPath: '/dev/nosuch' }],
      /Missing devices in OCI spec: "?\\?"?\/dev\/nosuch|Should have found a matching device \/dev\/\S+ in the spec/,
    ],
    [
      'of type mmioblk without vm_path',
      ({ source }) => [{ id: source, type: 'mmioblk', containerPath: PATH }],
      /^Invalid path for virtio mmio blk device/,
    ],
  ])(
    'CreateContainer with a device %s is rejected and creates nothing',
    async ([, devices, error], { disk, expectedErrors, guest, newId }) => {
      const containerId = newId();
      const request = createContainer(guest, containerId, {
        linux: { Devices: [{ Path: PATH, Type: 'b', FileMode: 0o600, ...HOST_NUMBERS }] },
        request: { devices: [...devices(disk)] },
      });
      await expect(request).rejects.toMatchObject({ code: 'internal', details: expect.stringMatching(error) });
      await expect(guest.agent.statsContainer({ containerId })).rejects.toMatchObject(expectedErrors.noContainer);
    },
  );

  test('CreateContainer with a device of type vfio-pci-gk is rejected if an option of it has another form', {
    tags: ['vfio-pci-gk'],
  }, async ({ guest, newId }) => {
    const devices = [{ id: 'vfio0', type: 'vfio-pci-gk', containerPath: PATH, options: ['0000:3b:00.1'] }];
    await expect(createContainer(guest, newId(), { request: { devices } })).rejects.toMatchObject({
      code: 'internal',
      details: expect.stringMatching(/^Malformed VFIO PCI option "0000:3b:00.1"/),
    });
  });

  test('CreateContainer with two devices for one container path is rejected', {
    tags: ['conflicting-devices'],
  }, async ({ disk, guest, newId, second }) => {
    const devices = [
      { id: disk.source, type: 'blk', containerPath: PATH },
      { id: second.source, type: 'scsi', containerPath: PATH },
    ];
    const linux = { Devices: [{ Path: PATH, Type: 'b', ...HOST_NUMBERS }] };
    await expect(createContainer(guest, newId(), { linux, request: { devices } })).rejects.toMatchObject({
      code: 'internal',
      details: expect.stringMatching(`^Conflicting device updates for ${PATH}`),
    });
  });
});

/** A disk of the guest that begins with a line which names its kind. */
async function marked(guest: Guest, kind: 'disk' | 'scsi-disk', timeout: number): Promise<PluggedDisk> {
  const disk = await pluggedDisk(guest, { kind, name: kind, timeout });
  await guest.run(['sh', '-c', `echo 'content of ${kind}' >${disk.device}`]);
  return disk;
}
