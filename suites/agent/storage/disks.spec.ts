import {
  test as base,
  containerSpec,
  createContainer,
  describe,
  expect,
  type Guest,
  type PluggedDisk,
  pluggedDisk,
  readAll,
  type StorageFields,
} from '../../../fixtures/test.ts';

// Storages of CreateContainer on disks that are plugged into the VM, by what a container sees of them.

const test = base
  .extend('guestOptions', { scope: 'file' }, { machine: { hotPlug: true } } as const)
  .extend('disk', ({ guest, within }) => pluggedDisk(guest, { name: 'disk', timeout: within('hot-plug').timeoutMs }))
  .extend('second', ({ guest, within }) =>
    pluggedDisk(guest, { name: 'second', timeout: within('hot-plug').timeoutMs }),
  )
  .extend('layers', async ({ guest, within }) => {
    const timeout = within('hot-plug').timeoutMs;
    const upper = await pluggedDisk(guest, { name: 'upper layer', timeout });
    return [upper, await pluggedDisk(guest, { name: 'lower layer', timeout })] as const;
  })
  .extend('scsi', ({ guest, within }) =>
    pluggedDisk(guest, { kind: 'scsi-disk', name: 'scsi', timeout: within('hot-plug').timeoutMs }),
  )
  .extend('at', async ({ cleanup, guest, newId }) => {
    const at = `/run/kata-cc-disks/${newId()}`;
    await guest.run(['mkdir', '-p', at]);
    cleanup.defer(() => unmountAll(guest, at));
    return at;
  })
  .extend('run', ({ guest, startRunning }) => {
    /** Runs a container that has the mount point of its last storage as /data; returns what it prints. */
    return async (container: string, storages: readonly StorageFields[], end = removed): Promise<string> => {
      const source = storages.at(-1)?.mountPoint ?? '';
      const { containerId, wait } = await startRunning(guest, {
        args: ['sh', '-c', container],
        mounts: [{ destination: '/data', source, type: 'bind', options: ['rbind'] }],
        storages,
      });
      const output = await readAll(guest, 'stdout', containerId, containerId);
      await wait(containerId);
      await end(guest, containerId);
      return output;
    };
  });

const MOUNT_OF_DATA = `grep ' /data ' /proc/mounts`;

const ext4 = (driver: string, source: string, at: string): StorageFields => ({
  driver,
  source,
  fstype: 'ext4',
  mountPoint: `${at}/mount`,
});

describe('storages of a container on disks', { tags: ['containers', 'disk-storages', 'virtual-machine'] }, () => {
  test('a storage of driver blk mounts the disk with the PCI path of its source, with its options', async ({
    at,
    disk,
    guest,
    run,
  }) => {
    await format(guest, disk, 'echo from the disk >greeting');
    const storage = { ...ext4('blk', disk.source, at), options: ['ro', 'noatime'] };
    const output = await run(`cat /data/greeting; ${MOUNT_OF_DATA}`, [storage]);
    expect(output).toMatch(new RegExp(`^from the disk\n${disk.device} /data ext4 ro,noatime`));
  });

  test.for(['blk', 'mmioblk'])(
    'a storage of driver %s mounts the disk with the device path of its source',
    async (driver, { at, disk, second, guest, run }) => {
      await format(guest, disk, 'echo of another disk >greeting');
      await format(guest, second, 'echo from the disk >greeting');
      const output = await run('cat /data/greeting', [ext4(driver, second.device, at)]);
      expect(output).toBe('from the disk\n');
    },
  );

  test('a storage of driver scsi mounts the disk with the SCSI address of its source', async ({
    at,
    scsi,
    guest,
    run,
  }) => {
    await format(guest, scsi, 'echo from the disk >greeting');
    const output = await run(`cat /data/greeting; ${MOUNT_OF_DATA}`, [ext4('scsi', scsi.source, at)]);
    expect(output).toMatch(new RegExp(`^from the disk\n${scsi.device} /data ext4 rw`));
  });

  test('a container can have its root on a disk, and RemoveContainer unmounts the disk', async ({
    at,
    disk,
    guest,
    newId,
  }) => {
    await format(guest, disk, 'mkdir bin proc dev && cp "$(command -v busybox)" bin/sh');
    const containerId = newId();
    const OCI = containerSpec(containerId, {
      args: ['sh', '-c', 'echo from inside >/greeting'],
      spec: { Root: { Path: `${at}/mount` } },
    });
    await guest.agent.createContainer({ containerId, OCI, storages: [ext4('blk', disk.source, at)] });
    await guest.agent.startContainer({ containerId });
    await guest.agent.waitProcess({ containerId, execId: containerId });
    expect((await guest.run(['cat', `${at}/mount/greeting`])).stdout).toBe('from inside\n');
    await guest.agent.removeContainer({ containerId });
    expect((await guest.run(['cat', '/proc/mounts'])).stdout).not.toContain(at);
  });

  test('a storage with shared stays mounted after RemoveContainer, one without does not', {
    tags: ['shared-storage'],
  }, async ({ at, disk, second, guest, run }) => {
    await format(guest, disk);
    await format(guest, second);
    await run('echo from the first >/data/greeting', [
      { ...ext4('blk', second.source, at), mountPoint: `${at}/own` },
      { ...ext4('blk', disk.source, at), shared: true },
    ]);
    const { stdout: mounts } = await guest.run(['cat', '/proc/mounts']);
    expect(mounts).toContain(`${at}/mount`);
    expect(mounts).not.toContain(`${at}/own`);
  });

  test('a storage with fs_group belongs to the group with all its files, which the group can write', {
    tags: ['fs-group-storage'],
  }, async ({ at, disk, guest, run }) => {
    await format(guest, disk, 'mkdir below && echo >below/file && chmod 600 below/file && chmod 755 below');
    const storage = { ...ext4('blk', disk.source, at), fsGroup: { groupId: 4321 } };
    expect(await run('ls -lnd /data /data/below /data/below/file', [storage])).toMatch(
      /^drwxrwsr-x .* 0 +4321 .*\/data\ndrwxrwsr-x .* 0 +4321 .*below\n-rw-rw---- .* 0 +4321 .*file\n$/,
    );
  });

  test('a storage with fs_group and the policy OnRootMismatch keeps the groups of its files if its root has the group', {
    tags: ['fs-group-storage'],
  }, async ({ at, disk, guest, run }) => {
    await format(guest, disk, 'echo >file && chgrp 4321 . && chmod 2775 .');
    const storage = {
      ...ext4('blk', disk.source, at),
      fsGroup: { groupId: 4321, groupChangePolicy: 'OnRootMismatch' as const },
    };
    expect(await run('ls -lnd /data/file', [storage])).toMatch(/^-rw-r--r-- .* 0 +0 .*file\n$/);
  });

  test('a storage of driver blk with the driver option create_filesystem has a new file system', {
    tags: ['created-filesystem-storage'],
  }, async ({ at, disk, guest, run }) => {
    await format(guest, disk, 'echo from before >greeting');
    const storage = { ...ext4('blk', disk.source, at), driverOptions: ['create_filesystem'] };
    const output = await run(`ls /data; ${MOUNT_OF_DATA}`, [storage]);
    expect(output).toMatch(/^lost\+found\n\S+ \/data ext4 rw/);
  });

  test('storages of EROFS layers are merged, the first one on top, below a writable directory', {
    tags: ['erofs-layers-storage'],
  }, async ({ at, guest, layers: [upper, lower], run }) => {
    await writeErofs(guest, at, upper, 'echo upper >both; echo upper >first');
    await writeErofs(guest, at, lower, 'echo lower >both; echo lower >second');
    const layer = ({ source }: PluggedDisk): StorageFields => ({
      driver: 'blk',
      source,
      fstype: 'erofs',
      mountPoint: `${at}/mount`,
      options: ['X-kata.overlay-lower', 'X-kata.multi-layer=true'],
    });
    const container = `cat /data/both /data/first /data/second; echo inside >/data/both; cat /data/both; ${MOUNT_OF_DATA}`;
    // The container stays, and so do its layers on disks of their own: RemoveContainer fails with EROFS, since the agent of
    // 4.1.0 deletes the bundle before it unmounts the layers in it.
    const stays = async (): Promise<void> => {};
    expect(await run(container, [layer(upper), layer(lower)], stays)).toMatch(
      /^upper\nupper\nlower\ninside\noverlay \/data overlay rw/,
    );
  });

  test.for<readonly [storage: string, fields: (disk: PluggedDisk, at: string) => StorageFields, error: RegExp]>([
    ['with a PCI path of no number', (_, at) => ext4('blk', 'zz', at), /invalid digit found in string/],
    [
      'with the PCI path of no disk',
      (_, at) => ext4('blk', '1f/00', at),
      /No such file or directory|failed to resolve next bus/,
    ],
    [
      'with a device path of no disk',
      (_, at) => ext4('blk', '/dev/nosuch', at),
      /get metadata on file "\/dev\/nosuch"/,
    ],
    ['of another type than the disk', ({ source }, at) => ({ ...ext4('blk', source, at), fstype: 'erofs' }), /EINVAL/],
    ['with an address of no SCSI disk', (_, at) => ext4('scsi', '1', at), /Unexpected format for SCSI Address: 1, /],
  ])(
    'a storage %s is rejected, and CreateContainer mounts and creates nothing',
    async ([, fields, error], { at, disk, expectedErrors, guest, newId }) => {
      await format(guest, disk);
      const containerId = newId();
      const request = createContainer(guest, containerId, { storages: [fields(disk, at)] });
      await expect(request).rejects.toMatchObject({ code: 'internal', details: expect.stringMatching(error) });
      expect((await guest.run(['cat', '/proc/mounts'])).stdout).not.toContain(at);
      await expect(guest.agent.statsContainer({ containerId })).rejects.toMatchObject(expectedErrors.noContainer);
    },
  );
});

/** Writes a new ext4 file system to a disk, with the files that a shell script creates, wherever the disk was mounted. */
async function format(guest: Guest, { device }: PluggedDisk, script = 'true'): Promise<void> {
  const fill = `mkdir -p /run/fill && mount ${device} /run/fill && (cd /run/fill && ${script}) && umount /run/fill`;
  const free = `while grep -q '^${device} ' /proc/mounts; do umount ${device} || exit 1; done`;
  await guest.run(['sh', '-c', `${free}; mkfs.ext4 -q -F -O ^has_journal ${device} && ${fill}`]);
}

/** Writes a read-only EROFS file system to a disk, with the files that a shell script creates. */
async function writeErofs(guest: Guest, at: string, { device }: PluggedDisk, script: string): Promise<void> {
  const image = `${at}/image`;
  const make = `rm -rf ${at}/files && mkdir ${at}/files && (cd ${at}/files && ${script})`;
  await guest.run(['sh', '-c', `${make} && mkfs.erofs --quiet ${image} ${at}/files && cat ${image} >${device}`]);
}

async function removed({ agent }: Guest, containerId: string): Promise<void> {
  await agent.removeContainer({ containerId });
}

/** Unmounts what is below a directory of the guest, the last mount first. */
async function unmountAll(guest: Guest, at: string): Promise<void> {
  if (guest.hasEnded()) return;
  const below = `grep -o ' ${at}/[^ ]* ' /proc/mounts | tac | while read -r path; do umount -l "$path"; done`;
  await guest.run(['sh', '-c', `${below}; true`]);
}
