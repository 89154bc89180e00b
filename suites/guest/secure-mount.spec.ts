import {
  test as base,
  describe,
  expect,
  type Guest,
  mappings,
  mountedAt,
  type PluggedDisk,
  pluggedDisk,
} from '../../fixtures/test.ts';

// SecureMount of the CDH, which agents call for volumes on encrypted disks; here with options that agents do not use.

const tags = [
  'guest-pull-storage',
  'virtual-machine',
  'kernel-modules',
  'debug-console',
  'guest-console',
  'ephemeral-disk-encryption',
] as const;

/** A directory of the guest where the tests would mount. */
const AT = '/mnt';

/** Options of a request. */
type Options = Readonly<Record<string, string>>;

/** Options to encrypt an empty disk and to mount a new file system on it. */
const empty = ({ device }: Pick<PluggedDisk, 'device'>): Options => ({
  devicePath: device,
  sourceType: 'empty',
  targetType: 'fileSystem',
  encryptionType: 'luks2',
});

const test = base
  .extend('guestOptions', { scope: 'file' }, { machine: { hotPlug: true } } as const)
  .extend('disk', ({ guest, within }) =>
    pluggedDisk(guest, { name: 'untouched', mib: 64, timeout: within('hot-plug').timeoutMs }),
  )
  .extend('rejects', async ({ connectCdh, disk, guest, within }) => {
    const cdh = await connectCdh(guest);
    /** Calls SecureMount, which must fail with this cause on the guest's console, and must leave no mapping and no mount. */
    return async (cause: RegExp, options: Options, volumeType = 'block-device'): Promise<void> => {
      const before = [await mappings(guest), await mountedAt(guest, AT), await digestOf(guest, disk)];
      const begun = await guest.console.cursor();
      await expect(cdh.secureMount({ volumeType, options, mountPoint: AT })).rejects.toMatchObject({
        ...{ code: 'internal', details: '[CDH] [ERROR]: Secure Mount failed' },
      });
      await guest.console.waitFor(cause, begun, within('console'));
      expect([await mappings(guest), await mountedAt(guest, AT), await digestOf(guest, disk)]).toEqual(before);
    };
  });

/** Changes of the options that the CDH rejects before it writes to the disk, and the cause on the guest's console. */
const REJECTED = Object.entries<readonly [change: Readonly<Record<string, string | undefined>>, cause: RegExp]>({
  'without a device': [{ devicePath: undefined }, /Either `device_id` or `device_path` must be specified/],
  'of a device number without a colon': [{ deviceId: '254' }, /device_id must be in the format of `MAJ:MIN/],
  'of a device number of letters': [{ deviceId: 'a:b' }, /device_id must be in the format of `MAJ:MIN/],
  'of a device number that no device has': [{ deviceId: '250:250' }, /I\/O error: No such file or directory/],
  'without sourceType': [{ sourceType: undefined }, /missing field `sourceType`/],
  'of an unknown sourceType': [{ sourceType: 'nosuch' }, /unknown variant `nosuch`, expected `encrypted` or `empty`/],
  'without targetType': [{ targetType: undefined }, /missing field `targetType`/],
  'of an unknown targetType': [{ targetType: 'nosuch' }, /unknown variant `nosuch`, expected `device` or `fileSystem`/],
  'without encryptionType': [{ encryptionType: undefined }, /missing field `encryptionType`/],
  'of an unknown encryptionType': [{ encryptionType: 'nosuch' }, /unknown variant `nosuch`, expected `luks2` or `zfs`/],
  'of a file system other than ext4': [{ filesystemType: 'xfs' }, /unknown variant `xfs`, expected `ext4`/],
  'with a key of no known scheme': [{ key: 'text' }, /The scheme of the key uri should be `kbs`, `file` or `sealed`/],
  'with a key in a file that does not exist': [{ key: 'file:///nosuch' }, /I\/O error: No such file or directory/],
  'with a key that the KBS lacks': [
    { key: 'kbs:///default/disk/nosuch' },
    /Failed to get key: Kbs client error: offline-fs-kbc: resource not found default\/disk\/nosuch/,
  ],
  'with a sealed key that is no JWS': [
    { key: 'sealed.text' },
    /Failed to get key: parse SealedSecret failed: Failed to parse JWS/,
  ],
  'of an encrypted disk that is empty': [{ sourceType: 'encrypted' }, /Device \S+ is not a valid LUKS device/],
});

describe('options of SecureMount', { tags: [...tags] }, () => {
  test.for(REJECTED)(
    'SecureMount %s is rejected and changes nothing',
    async ([, [change, cause]], { disk, rejects }) => {
      const options = Object.entries({ ...empty(disk), ...change }).flatMap(([name, value]) =>
        value === undefined ? [] : [[name, value] as const],
      );
      await rejects(cause, Object.fromEntries(options));
    },
  );

  test('SecureMount of an unknown volume type is rejected and changes nothing', async ({ disk, rejects }) => {
    const cause = /Failed to recognize the storage type: Matching variant not found/;
    await rejects(cause, empty(disk), 'nosuch');
  });
});

/** Digest of the first MiB of a disk, where headers and superblocks are. */
async function digestOf(guest: Guest, { device }: PluggedDisk): Promise<string> {
  return (await guest.run(['sh', '-c', `head -c 1048576 ${device} | sha256sum`])).stdout;
}
