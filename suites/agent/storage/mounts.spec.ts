import {
  test as base,
  createContainer,
  describe,
  expect,
  type Guest,
  readAll,
  type StorageFields,
} from '../../../fixtures/test.ts';

// Storages of CreateContainer that need no disk, by what a container sees of them. disks.spec.ts has those on disks.

/** A container with one storage. */
interface Container {
  /** The storage whose mount point the container has; `at` is a directory of the guest for this test alone. */
  readonly storage: (at: string) => StorageFields;
  /** A shell script that prepares the guest in `at`. */
  readonly guest?: string;
  /** Where the container has the mount point; /data by default. */
  readonly destination?: string;
  /** Shell command of the container. */
  readonly container: string;
}

interface Scenario extends Container {
  readonly prints: RegExp;
}

const MOUNT_OF_DATA = `grep ' /data ' /proc/mounts`;

const test = base
  .extend('at', async ({ cleanup, guest, newId }) => {
    const at = `/run/kata-cc-storage/${newId()}`;
    await guest.run(['mkdir', '-p', at]);
    cleanup.defer(() => unmountAll(guest, at));
    return at;
  })
  .extend(
    'printedBy',
    ({ at, guest, startRunning }) =>
      async ({ container, destination = '/data', guest: script, storage }: Container) => {
        if (script !== undefined) await guest.run(['sh', '-c', `cd ${at} && ${script}`]);
        const wanted = storage(at);
        const { containerId } = await startRunning(guest, {
          args: ['sh', '-c', container],
          mounts: [{ destination, source: wanted.mountPoint ?? '', type: 'bind', options: ['rbind'] }],
          storages: [wanted],
        });
        return readAll(guest, 'stdout', containerId, containerId);
      },
  );

const SCENARIOS: readonly (readonly [claim: string, scenario: Scenario])[] = [
  [
    'local creates a directory with the mode of its options',
    {
      storage: (at) => ({ driver: 'local', mountPoint: `${at}/of/local`, options: ['mode=0751'] }),
      container: 'ls -ldn /data',
      prints: /^drwxr-x--x +\d+ 0 +0 /,
    },
  ],
  [
    'local gives a directory to the group of the option fsgid, which new files in it inherit',
    {
      storage: (at) => ({ driver: 'local', mountPoint: `${at}/of/group`, options: ['fsgid=4321', 'mode=0770'] }),
      container: 'ls -ldn /data; echo >/data/new; ls -ln /data',
      prints: /^drwxrws--- +\d+ 0 +4321 .*\n.*\n-\S+ +1 0 +4321 .* new\n$/s,
    },
  ],
  [
    'ephemeral mounts a file system of its type and source',
    {
      storage: (at) => ({ driver: 'ephemeral', source: 'scratch', fstype: 'tmpfs', mountPoint: `${at}/scratch` }),
      container: MOUNT_OF_DATA,
      prints: /^scratch \/data tmpfs rw,/,
    },
  ],
  [
    'ephemeral gives its root to the group of the option fsgid and ignores other options',
    {
      storage: (at) => ({
        driver: 'ephemeral',
        source: 'tmpfs',
        fstype: 'tmpfs',
        mountPoint: `${at}/group`,
        options: ['fsgid=4321', 'ro', 'size=1m'],
      }),
      container: `ls -ldn /data; ${MOUNT_OF_DATA}`,
      prints: /^drwxrwsrwt +\d+ 0 +4321 .*\ntmpfs \/data tmpfs rw,(?!.*size=1024k)/,
    },
  ],
  [
    'virtio-fs mounts a file system with the options of the storage',
    {
      storage: (at) => ({
        driver: 'virtio-fs',
        source: 'shared',
        fstype: 'tmpfs',
        mountPoint: `${at}/shared`,
        options: ['ro', 'nosuid', 'nodev', 'noexec', 'noatime', 'size=1m', 'mode=0711'],
      }),
      container: MOUNT_OF_DATA,
      prints: /^shared \/data tmpfs ro,nosuid,nodev,noexec,noatime,\S*size=1024k,\S*mode=711/,
    },
  ],
  [
    'virtio-fs bind-mounts a directory of the guest',
    {
      guest: 'mkdir source && echo from the guest >source/greeting',
      storage: (at) => ({
        driver: 'virtio-fs',
        source: `${at}/source`,
        fstype: 'bind',
        mountPoint: `${at}/target`,
        options: ['bind'],
      }),
      container: 'cat /data/greeting; echo from inside >/data/greeting; cat /data/greeting',
      prints: /^from the guest\nfrom inside\n$/,
    },
  ],
  [
    'virtio-fs bind-mounts a file of the guest',
    {
      guest: 'echo from the guest >source',
      storage: (at) => ({
        driver: 'virtio-fs',
        source: `${at}/source`,
        fstype: 'bind',
        mountPoint: `${at}/of/file`,
        options: ['bind'],
      }),
      destination: '/file',
      container: 'cat /file',
      prints: /^from the guest\n$/,
    },
  ],
];

const OVERLAYS = 'mkdir both only lower && echo upper >both/both && echo lower >lower/both && echo lower >lower/only';

const HUGE_PAGES: Scenario = {
  storage: (at) => ({
    driver: 'ephemeral',
    source: 'nodev',
    fstype: 'hugetlbfs',
    mountPoint: `${at}/huge`,
    options: ['pagesize=2097152', 'size=4194304'],
  }),
  container: `${MOUNT_OF_DATA}; grep -E '^HugePages_(Total|Free)' /proc/meminfo`,
  prints: /^nodev \/data hugetlbfs \S*pagesize=2M,size=4194304\S* 0 0\nHugePages_Total: +2\nHugePages_Free: +2\n$/,
};

/** Directory of the guest in which the agent keeps the copies of watchable storages. */
const WATCHABLE = '/run/kata-containers/shared/containers/watchable';

const watchable = (at: string): StorageFields => ({
  driver: 'watchable-bind',
  source: `${at}/source`,
  fstype: 'bind',
  mountPoint: `${WATCHABLE}/${at.split('/').at(-1)}`,
  options: ['bind'],
});

/** Kata's runtime shares both directories with the guest; agents of main do not create the first. */
const WATCHED = `mkdir -p ${WATCHABLE} source/below && echo first >source/greeting && echo kept >source/below/kept`;

const REJECTED: readonly (readonly [storage: string, fields: (at: string) => StorageFields, error: string])[] = [
  ['of an unknown driver', () => ({ driver: 'nosuch' }), 'Failed to find the storage handler nosuch'],
  ['of driver virtio-fs without a source', () => ({ driver: 'virtio-fs', fstype: 'tmpfs' }), 'need mount source'],
  ['of driver virtio-fs without a type', () => ({ driver: 'virtio-fs', source: 'tmpfs' }), 'need mount FS type'],
  [
    'of driver virtio-fs with an unknown type',
    () => ({ driver: 'virtio-fs', source: 'x', fstype: 'nosuchfs' }),
    'ENODEV: No such device',
  ],
  [
    'of driver virtio-fs that binds a file that does not exist',
    (at) => ({ driver: 'virtio-fs', source: `${at}/nosuch`, fstype: 'bind', options: ['bind'] }),
    'ENOENT: No such file or directory',
  ],
  [
    'of driver local with a group that is no number',
    () => ({ driver: 'local', options: ['fsgid=wheel'] }),
    'invalid digit found in string',
  ],
  [
    'of driver local with a mode that is not octal',
    () => ({ driver: 'local', options: ['mode=0799'] }),
    'invalid digit found in string',
  ],
];

describe('storages of a container', { tags: ['containers'] }, () => {
  test.for(SCENARIOS)('a storage of driver %s', async ([, scenario], { printedBy }) => {
    expect(await printedBy(scenario)).toMatch(scenario.prints);
  });

  test('a storage of driver overlayfs merges the directories of its options, the first one on top', {
    tags: ['overlayfs-storage'],
  }, async ({ printedBy }) => {
    const storage = (at: string): StorageFields => ({
      driver: 'overlayfs',
      source: 'layers',
      fstype: 'overlay',
      mountPoint: `${at}/merged`,
      options: [`lowerdir=${at}/both:${at}/lower`],
    });
    const container = `cat /data/both /data/only; ${MOUNT_OF_DATA}`;
    expect(await printedBy({ guest: OVERLAYS, storage, container })).toMatch(/^upper\nlower\nlayers \/data overlay /);
  });

  test('a storage of driver overlayfs creates the directories of its driver options', {
    // On target local, the guest's own file system may not be fit for an upper directory.
    tags: ['overlay-directories-storage', 'virtual-machine'],
  }, async ({ at, printedBy }) => {
    const create = (name: string) => `io.katacontainers.volume.overlayfs.create_directory=${at}/of/${name}`;
    const storage: StorageFields = {
      driver: 'overlayfs',
      driverOptions: [create('upper'), create('work')],
      source: 'layers',
      fstype: 'overlay',
      mountPoint: `${at}/merged`,
      options: [`lowerdir=${at}/lower`, `upperdir=${at}/of/upper`, `workdir=${at}/of/work`],
    };
    const container = 'cat /data/both; echo from inside >/data/both; cat /data/both';
    const output = await printedBy({ guest: OVERLAYS, storage: () => storage, container });
    expect(output).toBe('lower\nfrom inside\n');
  });

  test('a storage of driver ephemeral and type hugetlbfs reserves its size in huge pages of the requested size', {
    tags: ['hugetlbfs-storage', 'virtual-machine'],
  }, async ({ guest, printedBy, cleanup }) => {
    cleanup.defer(async () => void (await guest.run(['sh', '-c', 'echo 0 >/proc/sys/vm/nr_hugepages'])));
    expect(await printedBy(HUGE_PAGES)).toMatch(HUGE_PAGES.prints);
  });

  test('a storage of driver watchable-bind copies a directory into a tmpfs, and later the files that change, appear and disappear', async ({
    at,
    guest,
    startRunning,
    within,
  }) => {
    await guest.run(['sh', '-c', `cd ${at} && ${WATCHED}`]);
    const storage = watchable(at);
    const target = storage.mountPoint ?? '';
    const { containerId } = await startRunning(guest, {
      args: [
        'sh',
        '-c',
        `cat /data/greeting; until grep -q second /data/greeting && [ -e /data/new ]; do usleep 100000; done; cat /data/greeting`,
      ],
      mounts: [{ destination: '/data', source: target, type: 'bind', options: ['rbind'] }],
      storages: [storage],
    });
    const { stdout: copied } = await guest.run(['sh', '-c', `cat ${target}/below/kept; stat -f -c %T ${target}`]);
    expect(copied).toBe('kept\ntmpfs\n');
    await guest.run(['sh', '-c', `cd ${at}/source && echo second >greeting && rm below/kept && echo >new`]);
    expect(await readAll(guest, 'stdout', containerId, containerId)).toBe('first\nsecond\n');
    const left = async (): Promise<string> => (await guest.run(['ls', `${target}/below`])).stdout;
    await expect.poll(left, { timeout: within('process').timeoutMs }).toBe('');
  });

  test('a storage of driver watchable-bind of more than 16 files is bind-mounted instead of copied', async ({
    at,
    guest,
    printedBy,
  }) => {
    const many = `${WATCHED} && for i in $(seq 16); do echo $i >source/$i; done`;
    const container = 'cat /data/greeting; echo from inside >/data/greeting';
    const output = await printedBy({ guest: many, storage: watchable, container });
    expect(output).toBe('first\n');
    expect((await guest.run(['cat', `${at}/source/greeting`])).stdout).toBe('from inside\n');
  });

  test('a storage with the mount point of an earlier one is not mounted again', async ({ at, printedBy }) => {
    const storage = () => ({ driver: 'ephemeral', source: 'tmpfs', fstype: 'tmpfs', mountPoint: `${at}/shared` });
    await printedBy({ storage, container: 'echo from the first >/data/greeting' });
    expect(await printedBy({ storage, container: 'cat /data/greeting' })).toBe('from the first\n');
  });

  test.for(REJECTED)(
    'a storage %s is rejected, and CreateContainer mounts and creates nothing',
    async ([, fields, error], { at, expectedErrors, guest, newId }) => {
      const containerId = newId();
      const storage = { mountPoint: `${at}/mount`, ...fields(at) };
      await expect(createContainer(guest, containerId, { storages: [storage] })).rejects.toMatchObject({
        code: 'internal',
        details: expect.stringContaining(error),
      });
      expect((await guest.run(['cat', '/proc/mounts'])).stdout).not.toContain(at);
      await expect(guest.agent.statsContainer({ containerId })).rejects.toMatchObject(expectedErrors.noContainer);
    },
  );

  test('a storage of driver ephemeral and type hugetlbfs without a page size is rejected', {
    tags: ['hugetlbfs-storage'],
  }, async ({ at, guest, newId }) => {
    const storage = { ...HUGE_PAGES.storage(at), options: ['size=4194304'] };
    await expect(createContainer(guest, newId(), { storages: [storage] })).rejects.toMatchObject({
      code: 'internal',
      details: expect.stringContaining('no pagesize/size options found'),
    });
  });
});

/** Unmounts what is below a directory of the guest, the last mount first. */
async function unmountAll(guest: Guest, at: string): Promise<void> {
  if (guest.hasEnded()) return;
  const below = `grep -o ' ${at}/[^ ]* ' /proc/mounts | tac | while read -r path; do umount -l "$path"; done`;
  await guest.run(['sh', '-c', `${below}; true`]);
}
