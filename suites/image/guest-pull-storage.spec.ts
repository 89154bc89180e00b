import {
  test as base,
  CONTAINER_BASE,
  changeLater,
  deriveKeysQuickly,
  describe,
  expect,
  expectedStoragePull,
  extraDigest,
  failedStoragePull,
  type Guest,
  hasIntegrity,
  IMAGE_STORE,
  imageContains,
  type LayerEntry,
  layerStore,
  makeExtraImage,
  makeImage,
  mappingOf,
  mountedAt,
  type PluggedDisk,
  pluggedDisk,
  readAll,
  withTrustedStore,
} from '../../fixtures/test.ts';

// A disk at /dev/trusted_store of a container, which the agent has its CDH encrypt and mount below the images.

const tags = [
  'guest-pull-storage',
  'guest-console',
  'debug-console',
  'virtual-machine',
  'unsigned-images',
  'kernel-modules',
  'ephemeral-disk-encryption',
] as const;

/** By default an agent waits 50 s for its CDH; on a busy machine an emulated guest takes longer to derive a key. */
const PATIENT = 'agent.cdh_api_timeout=300';

/** Options of a guest into which disks can be plugged. */
const OPTIONS = { kernelParameters: [PATIENT], machine: { hotPlug: true } } as const;

/** Size of a disk on which a file system with integrity fits: the CDH formats no smaller ones than 128 MiB. */
const DISK_MIB = 192;

/** The error of CreateContainer if the CDH does not mount the disk. */
const NOT_MOUNTED = /^failed to handle trusted storage: .*\[CDH\] \[ERROR\]: Secure Mount failed/;

const file = (path: string, content: string, extra: Partial<LayerEntry> = {}): LayerEntry => ({
  ...({ path, type: 'file', mode: 0o644, content: Buffer.from(content), ...extra } as LayerEntry),
});

const T: LayerEntry = { path: 't', type: 'directory', mode: 0o755 };
const NOTE = { 'user.note': 'of a layer' };

const test = base.extend('plug', ({ newId, within }) => {
  /** Plugs an empty disk, or one with the content of a raw image, into a guest. */
  return async (guest: Guest, mib: number, content?: string): Promise<PluggedDisk> => {
    await deriveKeysQuickly(guest);
    const { timeoutMs: timeout } = within('hot-plug');
    return pluggedDisk(guest, { name: newId(), mib, timeout, ...(content !== undefined && { content }) });
  };
});

describe('images on a disk at /dev/trusted_store', { tags: [...tags, 'fault-injection'] }, () => {
  const MEMORY_MIB = 256;
  /** More than the inode tables, which the guest's kernel writes in the background, so that the longest run of sectors is the file's. */
  const FILE_MB = 24;

  test('CreateContainer with image_guest_pull of an image larger than the memory of the guest fails, and with a disk at /dev/trusted_store its container reads the whole image', async ({
    createFromImage,
    launchWithFaultyRegistry,
    plug,
  }) => {
    const { guest, serve } = await launchWithFaultyRegistry({
      kernelParameters: [PATIENT],
      machine: { hotPlug: true, memoryMib: MEMORY_MIB },
    });
    const image = serve(await makeExtraImage(MEMORY_MIB + 16));
    const reads = {
      args: ['/busybox', 'sha256sum', '/extra'],
      mounts: [{ destination: '/busybox', source: '/bin/busybox', type: 'bind', options: ['rbind', 'ro'] }],
    };
    expect(await createFromImage(guest, image, reads)).toMatchObject(
      failedStoragePull({
        error: /Failed to decode layer data stream: Failed to unpack layer: Failed to unpack layer to destination$/,
        cause: /kind: StorageFull,\s*message: "No space left on device"/,
      }),
    );
    const store = withTrustedStore(await plug(guest, MEMORY_MIB + 128));
    const { containerId, ...outcome } = await createFromImage(guest, image, { ...reads, ...store });
    expect(outcome).toMatchObject(expectedStoragePull());
    await guest.agent.startContainer({ containerId });
    const output = await readAll(guest, 'stdout', containerId, containerId);
    expect(output).toBe(`${extraDigest(MEMORY_MIB + 16)}  /extra\n`);
  });

  test('the CDH keeps all images on the disk, encrypted with integrity; the host sees nothing of them, and sees a copy on a disk without encryption', async ({
    createFromImage,
    launchWithFaultyRegistry,
    plug,
  }) => {
    const { guest, serve } = await launchWithFaultyRegistry(OPTIONS);
    const [disk, plain] = [await plug(guest, DISK_MIB), await plug(guest, 16)];
    const [first, second] = ['first image on the encrypted disk', 'second image on the encrypted disk'];
    const { containerId, ...outcome } = await createFromImage(
      guest,
      serve(await makeImage([[file('text', first)]])),
      withTrustedStore(disk),
    );
    expect(outcome).toMatchObject(expectedStoragePull());
    const mounted = await mountedAt(guest, IMAGE_STORE);
    expect(mounted).toMatchObject({ options: expect.stringMatching(/^ext4 rw,noatime/) });
    expect(await mappingOf(guest, mounted?.device ?? '')).toMatchObject({
      device: disk.device,
      cipher: expect.stringMatching(/^aes-xts-plain/),
    });
    expect(await hasIntegrity(guest, mounted?.device ?? '')).toBe(true);
    const before = await layerStore(guest);
    const other = await createFromImage(guest, serve(await makeImage([[file('text', second)]])));
    expect(other).toMatchObject(expectedStoragePull());
    expect((await layerStore(guest)).length).toBeGreaterThan(before.length);
    expect(await mountedAt(guest, IMAGE_STORE)).toEqual(mounted);
    const texts = [containerId, other.containerId].map((id) => `${CONTAINER_BASE}/${id}/rootfs/text`).join(' ');
    const copy = `mkfs.ext4 -q ${plain.device} && mkdir /run/plain && mount ${plain.device} /run/plain && cat ${texts} >/run/plain/texts && sync`;
    await guest.run(['sh', '-c', copy]);
    expect(await imageContains(plain.image, `${first}${second}`)).toBe(true);
    expect(await imageContains(disk.image, first)).toBe(false);
    expect(await imageContains(disk.image, second)).toBe(false);
  });

  // In memory, image-rs can leave both out: a tmpfs has no user attributes before Linux 6.6.
  test('layers on the disk have their opaque directories and extended attributes', async ({
    createFromImage,
    launchWithFaultyRegistry,
    plug,
  }) => {
    const { guest, serve } = await launchWithFaultyRegistry(OPTIONS);
    const disk = await plug(guest, DISK_MIB);
    const contents = [
      [T, file('t/lower', '')],
      [T, file('t/.wh..wh..opq', ''), file('t/upper', '', { xattrs: NOTE })],
    ];
    const opaque = await createFromImage(guest, serve(await makeImage(contents)), withTrustedStore(disk));
    expect(opaque).toMatchObject(expectedStoragePull());
    const others = contents.map((entries) => entries.filter(({ path }) => !path.includes('.wh.')));
    const { containerId } = await createFromImage(guest, serve(await makeImage(others)));
    const list = async (id: string): Promise<string> =>
      (await guest.run(['ls', '-A', `${CONTAINER_BASE}/${id}/rootfs/t`])).stdout;
    expect(await list(opaque.containerId)).toBe('upper\n');
    expect(await list(containerId)).toBe('lower\nupper\n');
    const { device = '' } = (await mountedAt(guest, IMAGE_STORE)) ?? {};
    // Which directory has which layer is not in its name.
    const layers = (await layerStore(guest)).join(' ');
    const attribute = `sync; for layer in ${layers}; do debugfs -R "ea_get /layers/$layer/t/upper user.note" ${device}; done`;
    expect((await guest.run(['sh', '-c', attribute])).stdout).toContain('user.note (10) = "of a layer"');
  });

  test.for<readonly [claim: string, parameters: readonly string[], integrity: boolean, reads: RegExp]>([
    ['by default is an error', [], true, /Input\/output error/],
    [
      'with agent.secure_storage_integrity=false changes the file',
      ['agent.secure_storage_integrity=false'],
      false,
      /^[0-9a-f]{64} /,
    ],
  ])(
    'a byte that the host changes in a file of an image %s',
    async ([, parameters, integrity, reads], { createFromImage, launchWithFaultyRegistry, plug }) => {
      const { guest, serve } = await launchWithFaultyRegistry({
        kernelParameters: [PATIENT, ...parameters],
        machine: { hotPlug: true },
      });
      const disk = await plug(guest, DISK_MIB);
      expect(await createFromImage(guest, 'small', withTrustedStore(disk))).toMatchObject(expectedStoragePull());
      const { device = '' } = (await mountedAt(guest, IMAGE_STORE)) ?? {};
      expect(await hasIntegrity(guest, device)).toBe(integrity);
      const change = await changeLater(disk.image);
      const { containerId } = await createFromImage(guest, serve(await makeExtraImage(FILE_MB)));
      const read = async (): Promise<string> => {
        const look = `sync; echo 3 >/proc/sys/vm/drop_caches; sha256sum ${CONTAINER_BASE}/${containerId}/rootfs/extra 2>&1 || true`;
        return (await guest.run(['sh', '-c', look])).stdout;
      };
      expect(await read()).toContain(extraDigest(FILE_MB));
      await change();
      const after = await read();
      expect(after).not.toContain(extraDigest(FILE_MB));
      expect(after).toMatch(reads);
    },
  );
});

describe('disks at /dev/trusted_store', { tags: [...tags] }, () => {
  test('the disk of a guest that has ended tells another guest nothing, which encrypts it anew', async ({
    createFromImage,
    launch,
    plug,
  }) => {
    const first = await launch(OPTIONS);
    const used = await plug(first, DISK_MIB);
    expect(await createFromImage(first, 'medium', withTrustedStore(used))).toMatchObject(expectedStoragePull());
    await first.run(['sync']);
    const uuid = async (guest: Guest): Promise<string> => {
      const { device = '' } = (await mountedAt(guest, IMAGE_STORE)) ?? {};
      return (await guest.run(['sh', '-c', `dumpe2fs -h ${device} | grep UUID`])).stdout;
    };
    const second = await launch(OPTIONS);
    const disk = await plug(second, DISK_MIB, used.image);
    const probe = `cryptsetup isLuks ${disk.device} || echo no LUKS; blkid -p -s TYPE -o value ${disk.device}`;
    expect((await second.run(['sh', '-c', probe])).stdout).toBe('no LUKS\nDM_integrity\n');
    expect(await createFromImage(second, 'small', withTrustedStore(disk))).toMatchObject(expectedStoragePull());
    expect(await uuid(second)).not.toBe(await uuid(first));
  });

  test('CreateContainer with a disk that has a file system encrypts it, and fails with one that the CDH has already encrypted; a container without a disk is accepted then', async ({
    createFromImage,
    launch,
    plug,
    within,
  }) => {
    const guest = await launch(OPTIONS);
    const disk = await plug(guest, DISK_MIB);
    await guest.run(['mkfs.ext4', '-q', disk.device]);
    expect(await createFromImage(guest, 'small', withTrustedStore(disk))).toMatchObject(expectedStoragePull());
    const mounted = await mountedAt(guest, IMAGE_STORE);
    expect(await mappingOf(guest, mounted?.device ?? '')).toMatchObject({ device: disk.device });
    const begun = await guest.console.cursor();
    const again = await createFromImage(guest, 'medium', withTrustedStore(disk));
    expect(again).toMatchObject({ status: 'internal', answer: expect.stringMatching(NOT_MOUNTED) });
    await guest.console.waitFor(/Caused by: File exists \(os error 17\)/, begun, within('console'));
    expect(await mountedAt(guest, IMAGE_STORE)).toEqual(mounted);
    expect(await createFromImage(guest, 'medium')).toMatchObject(expectedStoragePull());
  });
});

/** Where a guest mounts a disk that it uses itself. */
const HELD = '/run/kata-cc-held';

/** Disks that the CDH does not mount: how the guest prepares one, and the cause on the guest's console. */
interface Unmountable {
  readonly mib: number;
  readonly prepare?: (device: string) => string;
  /** Whether the request lacks the disk, so that the host's device numbers remain. */
  readonly lacksDevice?: true;
  readonly cause: RegExp;
}

const UNMOUNTABLE = Object.entries<Unmountable>({
  'whose numbers no device of the guest has': {
    mib: 8,
    lacksDevice: true,
    cause: /I\/O error: No such file or directory/,
  },
  // mke2fs then makes no backups of the superblock, and the CDH looks for their places.
  'that is too small for a file system with integrity': { mib: 64, cause: /Failed to get the block numbers: / },
  'that is read-only': {
    mib: 32,
    prepare: (device) => `blockdev --setro ${device}`,
    cause: /cryptsetup luks(?:Format|Open) failed/,
  },
  'that is mounted': {
    mib: 32,
    prepare: (device) => `mkfs.ext4 -q ${device} && mkdir -p ${HELD} && mount ${device} ${HELD}`,
    cause: /in use/,
  },
});

const withHotPlug = test.extend('guestOptions', { scope: 'file' }, OPTIONS);

describe('unsuitable disks at /dev/trusted_store', { tags: [...tags] }, () => {
  withHotPlug.for(UNMOUNTABLE)(
    'CreateContainer with a disk %s fails and pulls no image, and a container without a disk is accepted',
    async (
      [, { cause, lacksDevice, mib, prepare }],
      { cleanup, createFromImage, expectedErrors, guest, plug, within },
    ) => {
      const disk = await plug(guest, mib);
      cleanup.defer(async () => void (await guest.run(['sh', '-c', `umount ${HELD} 2>/dev/null || true`])));
      if (prepare !== undefined) await guest.run(['sh', '-c', prepare(disk.device)]);
      const before = await layerStore(guest);
      const { linux = {}, ...devices } = withTrustedStore(disk);
      const begun = await guest.console.cursor();
      const failed = await createFromImage(guest, 'small', { linux, ...(lacksDevice ? {} : devices) });
      expect(failed).toMatchObject({ status: 'internal', answer: expect.stringMatching(NOT_MOUNTED) });
      await guest.console.waitFor(cause, begun, within('console'));
      expect(await layerStore(guest)).toEqual(before);
      expect(await mountedAt(guest, IMAGE_STORE)).toBeUndefined();
      const { containerId } = failed;
      await expect(guest.agent.statsContainer({ containerId })).rejects.toMatchObject(expectedErrors.noContainer);
      expect(await createFromImage(guest, 'small')).toMatchObject(expectedStoragePull());
    },
  );
});
