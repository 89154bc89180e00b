import {
  test as base,
  createContainer,
  deriveKeysQuickly,
  describe,
  ENCRYPTED_VOLUME,
  expect,
  imageContains,
  mappings,
  mountedAt,
  PLAIN_VOLUME,
  pluggedDisk,
  readAll,
  type StorageFields,
  volumeOnDisk,
} from '../../../fixtures/test.ts';

// Volumes emptyDir on disks of their own, as Kata's runtime passes them on: the agent creates their file systems, with encryption or
// without.

const AT = '/run/kata-containers/kata-cc-disks';

/** Size of a disk on which a file system with integrity fits: the CDH formats no smaller ones than 128 MiB. */
const DISK_MIB = 192;

/** By default an agent waits 50 s for its CDH; on a busy machine an emulated guest takes longer to encrypt a disk. */
const PATIENT = 'agent.cdh_api_timeout=300';

const MARKER = 'text of a volume that the host may read or not';

const tags = [
  'guest-pull-storage',
  'virtual-machine',
  'kernel-modules',
  'debug-console',
  'disk-storages',
  'created-filesystem-storage',
  'ephemeral-disk-encryption',
] as const;

const test = base
  .extend('guestOptions', { scope: 'file' }, {
    kernelParameters: [PATIENT],
    machine: { hotPlug: true },
  } as const)
  /** A disk of this test alone: an encrypted one stays in use until the guest ends. */
  .extend('disk', ({ guest, newId, within }) =>
    pluggedDisk(guest, { name: newId(), mib: DISK_MIB, timeout: within('hot-plug').timeoutMs }),
  )
  .extend('storage', async ({ disk: { source }, guest, newId, target: { mutant } }) => {
    await deriveKeysQuickly(guest);
    const mountPoint = `${AT}/${newId()}`;
    return (driverOptions: readonly string[]): StorageFields =>
      volumeOnDisk({ source, mountPoint, driverOptions }, mutant);
  });

describe('volumes on encrypted disks', { tags: [...tags, 'containers'] }, () => {
  test.for<readonly [claim: string, driverOptions: readonly string[], device: RegExp, host: boolean]>([
    [
      'with encryption_key=ephemeral is encrypted, and the host sees nothing of it',
      ENCRYPTED_VOLUME,
      /^\/dev\/mapper\//,
      false,
    ],
    ['without encryption_key is not encrypted, and the host sees it', PLAIN_VOLUME, /^\/dev\/vd/, true],
  ])('a volume of driver blk %s', async ([, driverOptions, device, host], { disk, guest, startRunning, storage }) => {
    const volume = storage(driverOptions);
    const at = volume.mountPoint ?? '';
    const { containerId } = await startRunning(guest, {
      args: ['sh', '-c', `echo '${MARKER}' >/data/text && cat /data/text && ls -A /data && sync`],
      mounts: [{ destination: '/data', source: at, type: 'bind', options: ['rbind'] }],
      storages: [volume],
    });
    const output = await readAll(guest, 'stdout', containerId, containerId);
    expect(output).toBe(`${MARKER}\nlost+found\ntext\n`);
    const mounted = await mountedAt(guest, at);
    expect(mounted?.device).toMatch(device);
    expect(mounted?.options).toMatch(/^ext4 rw/);
    const { stdout: features } = await guest.run(['dumpe2fs', '-h', mounted?.device ?? '']);
    expect(features).toMatch(/^Inode size:\s+128$/m);
    expect(features).not.toContain('has_journal');
    expect(await imageContains(disk.image, MARKER)).toBe(host);
  });

  test('a volume with encryption_key=ephemeral and without create_filesystem is rejected, and the disk stays as it is', async ({
    disk,
    guest,
    newId,
    storage,
  }) => {
    await guest.run(['mkfs.ext4', '-q', '-L', 'kept', disk.device]);
    const before = await mappings(guest);
    const request = createContainer(guest, newId(), { storages: [storage(['encryption_key=ephemeral'])] });
    await expect(request).rejects.toMatchObject({
      code: 'internal',
      details: expect.stringContaining('encryption_key=ephemeral requires create_filesystem for block storage'),
    });
    expect(await mappings(guest)).toEqual(before);
    expect((await guest.run(['blkid', '-p', '-s', 'LABEL', '-o', 'value', disk.device])).stdout).toBe('kept\n');
  });
});

describe('volumes on encrypted disks of a sandbox', { tags: [...tags] }, () => {
  // The agent takes the request for done, and containers of the sandbox get a directory in the guest's memory.
  test.for<readonly [claim: string, parameters: readonly string[], device: RegExp, mapped: number]>([
    ['mounts the encrypted disk', [], /^\/dev\/mapper\//, 1],
    ['without a CDH succeeds and mounts nothing', ['kata_cc.agent_starts_cdh'], /^$/, 0],
  ])(
    'CreateSandbox with a volume with encryption_key=ephemeral %s',
    async ([, kernelParameters, device, mapped], { launch, newId, target: { mutant }, within }) => {
      const guest = await launch({ kernelParameters: [PATIENT, ...kernelParameters], machine: { hotPlug: true } });
      await deriveKeysQuickly(guest);
      const { timeoutMs: timeout } = within('hot-plug');
      const { source } = await pluggedDisk(guest, { name: 'volume', mib: DISK_MIB, timeout });
      const mountPoint = `${AT}/volume`;
      const storages = [volumeOnDisk({ source, mountPoint, driverOptions: ENCRYPTED_VOLUME }, mutant)];
      await guest.agent.createSandbox({ sandboxId: newId(), hostname: 'sandbox', storages });
      expect((await mountedAt(guest, mountPoint))?.device ?? '').toMatch(device);
      expect(await mappings(guest)).toHaveLength(mapped);
    },
  );
});
