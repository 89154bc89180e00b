import { test as base, describe, expect, type Guest, SHARED_DIRECTORY } from '../../../fixtures/test.ts';

// Endpoints of main for mounted volumes.

const test = base
  /** A tmpfs of 1 MiB and 100 inodes in the guest, for this test alone. */
  .extend('volume', async ({ cleanup, guest, newId }) => mountTmpfs(guest, `/run/${newId()}`, cleanup));

describe('volumes', { tags: ['main-rpc'] }, () => {
  test('GetVolumeStats returns the bytes and inodes of the file system, which a new file changes', {
    tags: ['volume-stats'],
  }, async ({ guest, volume }) => {
    const stats = async () => (await guest.agent.getVolumeStats({ volumeGuestPath: volume })).usage;
    expect(await stats()).toEqual([
      { unit: 'BYTES', total: '1048576', used: '0', available: '1048576' },
      { unit: 'INODES', total: '100', used: '1', available: '99' },
    ]);
    await guest.run(['dd', 'if=/dev/zero', `of=${volume}/file`, 'bs=64k', 'count=1']);
    expect(await stats()).toEqual([
      { unit: 'BYTES', total: '1048576', used: '65536', available: '983040' },
      { unit: 'INODES', total: '100', used: '2', available: '98' },
    ]);
  });

  test('GetVolumeStats reports the condition of a volume as normal', { tags: ['volume-stats'] }, async ({
    guest,
    volume,
  }) => {
    const { volumeCondition } = await guest.agent.getVolumeStats({ volumeGuestPath: volume });
    expect(volumeCondition).toEqual({ abnormal: false, message: 'OK' });
  });

  test('GetVolumeStats of a path that does not exist fails with "No such file or directory"', async ({ guest }) => {
    await expect(guest.agent.getVolumeStats({ volumeGuestPath: '/nosuch' })).rejects.toMatchObject({
      code: 'internal',
      details: expect.stringContaining('No such file or directory'),
    });
  });

  test('ResizeVolume fails with UNIMPLEMENTED', { tags: ['resize-volume-handler'] }, async ({ guest }) => {
    await expect(guest.agent.resizeVolume({ volumeGuestPath: '/run', size: 1 })).rejects.toMatchObject({
      code: 'unimplemented',
      details: expect.stringContaining('resize_volume is not implemented in kata-agent'),
    });
  });
});

describe('ephemeral mounts', { tags: ['main-rpc', 'ephemeral-mounts-rpc'] }, () => {
  test('UpdateEphemeralMounts changes the size of a mounted tmpfs and keeps its files', {
    tags: ['ephemeral-remount'],
  }, async ({ guest, volume }) => {
    await guest.run(['sh', '-c', `echo kept >${volume}/file`]);
    const options = ['remount', 'size=2m', 'fsgid=4321'];
    await guest.agent.updateEphemeralMounts({ storages: [{ ...TMPFS, mountPoint: volume, options }] });
    const { stdout } = await guest.run(['sh', '-c', `stat -f -c '%b %S' ${volume}; cat ${volume}/file`]);
    expect(stdout).toBe('512 4096\nkept\n');
  });

  test('UpdateEphemeralMounts mounts a file system of the requested source and type where none is mounted', async ({
    cleanup,
    guest,
    newId,
  }) => {
    const mountPoint = `/run/${newId()}/new`;
    cleanup.defer(async () => void (await guest.run(['umount', mountPoint])));
    const storage = { ...TMPFS, source: 'scratch', mountPoint, options: ['size=3m', 'noexec'] };
    await guest.agent.updateEphemeralMounts({ storages: [storage] });
    const { stdout } = await guest.run(['grep', mountPoint, '/proc/mounts']);
    expect(stdout).toMatch(/^scratch \S+ tmpfs rw,noexec,\S*size=3072k/);
  });

  test('UpdateEphemeralMounts without the option remount leaves a mounted tmpfs as it is', async ({
    guest,
    volume,
  }) => {
    const changed = { ...TMPFS, mountPoint: volume, options: ['size=2m'] };
    const other = { ...TMPFS, mountPoint: `${volume}/created` };
    // Agents of 3.2.0 end at the first storage with options.
    await guest.agent.updateEphemeralMounts({ storages: [other, changed] });
    const { stdout } = await guest.run([
      'sh',
      '-c',
      `stat -f -c %b ${volume}; ls ${volume}; grep -c ${volume} /proc/mounts`,
    ]);
    expect(stdout).toBe('256\ncreated\n1\n');
  });

  test('UpdateEphemeralMounts of another driver than ephemeral is rejected and changes nothing', async ({
    guest,
    volume,
  }) => {
    const storage = { ...TMPFS, driver: 'local', mountPoint: volume, options: ['remount', 'size=2m'] };
    await expect(guest.agent.updateEphemeralMounts({ storages: [storage] })).rejects.toMatchObject({
      code: 'internal',
      details: expect.stringContaining('Unsupported storage type for syncing mounts local.'),
    });
    expect((await guest.run(['stat', '-f', '-c', '%b', volume])).stdout).toBe('256\n');
  });
});

describe('mounts below the shared directory', { tags: ['main-rpc', 'stale-share-mounts-rpc'] }, () => {
  test('RemoveStaleVirtiofsShareMounts looks at each mount below the shared directory, and at no other', async ({
    cleanup,
    guest,
    newId,
    volume,
    within,
  }) => {
    const shared = await mountTmpfs(guest, `${SHARED_DIRECTORY}/${newId()}`, cleanup);
    const since = await guest.console.cursor();
    await guest.agent.removeStaleVirtiofsShareMounts({});
    await guest.console.waitFor(new RegExp(`stat ${shared} success`), since, within('console'));
    expect(await guest.console.textSince(since)).not.toContain(volume);
  });
});

const TMPFS = { driver: 'ephemeral', source: 'tmpfs', fstype: 'tmpfs' };

/** Mounts a tmpfs of 1 MiB and 100 inodes in the guest, until the test ends. */
async function mountTmpfs(guest: Guest, path: string, cleanup: AsyncDisposableStack): Promise<string> {
  await guest.run(['sh', '-c', `mkdir -p ${path} && mount -t tmpfs -o size=1m,nr_inodes=100 tmpfs ${path}`]);
  cleanup.defer(async () => {
    if (!guest.hasEnded()) await guest.run(['umount', path]);
  });
  return path;
}
