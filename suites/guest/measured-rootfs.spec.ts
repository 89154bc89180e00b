import {
  type BlockName,
  describe,
  expect,
  type Guest,
  linesOf,
  type MeasuredRootChange,
  READ_AT_BOOT,
  rootOf,
  test,
  UNREAD_FILE,
  unreadContent,
} from '../../fixtures/test.ts';

const tags = [
  'measured-rootfs',
  'virtual-machine',
  'agent-rpc',
  'guest-exit',
  'guest-console',
  'debug-console',
] as const;

const OTHER = '1'.repeat(64);
const BLOCK = 4_096;

/** What the kernel prints, or the initrd of a distribution's kernel, if there is no root file system to mount. */
const NO_ROOT = /VFS: Cannot open root device|guest: cannot mount the root file system \/dev\/dm-0/;

type Verity = NonNullable<MeasuredRootChange['verity']>;

/** Parameters of dm-verity that are not the image's, and what the kernel prints. */
const INVALID: readonly (readonly [claim: string, verity: Verity, prints: RegExp])[] = [
  ['another root hash', () => ({ rootHash: OTHER }), /verity: .*metadata block 0 is corrupted/],
  ['another salt', () => ({ salt: OTHER }), /verity: .*metadata block 0 is corrupted/],
  ['another size of hash blocks', () => ({ hashBlockSize: 1_024 }), /verity: .*metadata block 0 is corrupted/],
  [
    'another size of data blocks',
    ({ dataBlocks }) => ({ dataBlockSize: 1_024, dataBlocks: 4 * dataBlocks }),
    /verity: Hash device is too small/,
  ],
  ['more data blocks than the partition', ({ dataBlocks }) => ({ dataBlocks: dataBlocks + 1 }), /too small for target/],
  [
    'so few data blocks that one level of hashes has them',
    () => ({ dataBlocks: 128 }),
    /verity: .*data block 0 is corrupted/,
  ],
  ['no root hash', () => ({ rootHash: '' }), /verity: Not enough arguments/],
  ['no salt', () => ({ salt: '' }), /verity: Not enough arguments/],
  ['a root hash that is too short', () => ({ rootHash: OTHER.slice(2) }), /verity: Invalid root digest/],
  ['a salt that is not hexadecimal', () => ({ salt: 'salt' }), /verity: Invalid salt/],
];

describe('measured root file system', { tags: [...tags] }, () => {
  // The root hash does not cover the number of blocks.
  test.for([
    ['all data blocks of the image', 0],
    ['all but the last of them', 1],
  ] as const)(
    'the agent answers in a guest whose root file system is a device of dm-verity with %s',
    async ([_, fewer], { launch, measuredRoot }) => {
      const root = await measuredRoot({ verity: ({ dataBlocks }) => ({ dataBlocks: dataBlocks - fewer }) });
      const { options, verity } = root;
      const guest = await launch(options);
      expect(await guest.agent.check({})).toEqual({ status: 'SERVING' });
      expect(await rootOf(guest)).toEqual('dm-0 erofs ro');
      const sectors = ((verity.dataBlocks - fewer) * verity.dataBlockSize) / 512;
      expect(await linesOf(guest, 'cd /sys/block/dm-0; cat dm/name ro size; ls slaves')).toEqual([
        ...['dm-verity', '1', String(sectors)],
        ...['vda1', 'vda2'],
      ]);
      await expect(guest.run(['touch', '/usr/written'])).rejects.toThrow('Read-only file system');
    },
  );

  test.for(INVALID)(
    'no agent answers in a guest whose parameters of dm-verity have %s',
    async ([_, verity, prints], { launch, measuredRoot }) => {
      const { options } = await measuredRoot({ verity });
      expect(await problemOf(launch(options))).toMatchObject({
        code: 'agent-ended',
        console: expect.stringMatching(prints),
      });
    },
  );

  test('no agent answers in a guest with the command line of a measured root file system, but no device of dm-verity', async ({
    launch,
    measuredRoot,
  }) => {
    const { options } = await measuredRoot({ mount: 'without-device' });
    const problem = await problemOf(launch(options));
    expect(problem).toMatchObject({ code: 'agent-ended', console: expect.stringMatching(NO_ROOT) });
  });

  test.for(READ_AT_BOOT)(
    'no agent answers in a guest in which one byte of the block %s was changed',
    async (block, { launch, measuredRoot }) => {
      const { blockName, options } = await measuredRoot({ blocks: [block] });
      expect(await problemOf(launch(options))).toMatchObject({
        code: 'agent-ended',
        console: expect.stringMatching(new RegExp(`verity: .*${blockName(block)} is corrupted`)),
      });
    },
  );

  test('the agent answers in a guest with all these bytes changed whose root file system is not measured', async ({
    launch,
    measuredRoot,
  }) => {
    const guest = await launch(
      (await measuredRoot({ blocks: [...READ_AT_BOOT, 'unread'], mount: 'unverified' })).options,
    );
    expect(await guest.agent.check({})).toEqual({ status: 'SERVING' });
    expect(await rootOf(guest)).toEqual('vda1 erofs ro');
    const content = unreadContent();
    expect(await read(guest, 1)).not.toBe(content.subarray(BLOCK, 2 * BLOCK).toString());
    expect(await read(guest, 2)).toBe(content.subarray(2 * BLOCK).toString());
  });
});

describe('measured root file system with a changed byte in a file that no boot reads', { tags: [...tags] }, () => {
  const unread: BlockName = 'unread';

  test.for([
    ['before the guest boots', [unread]],
    ['while the guest runs', []],
  ] as const)(
    'a byte that is changed %s makes reads of its block fail with EIO, and of no other block',
    async ([_, blocks], { launch, measuredRoot }) => {
      const root = await measuredRoot({ blocks });
      const guest = await launch(root.options);
      if (blocks.length === 0) await root.change(unread);
      expect(await guest.console.textSince(0)).not.toContain('is corrupted');
      const content = unreadContent();
      await expect(read(guest, 1)).rejects.toThrow('Input/output error');
      for (const block of [0, 2]) {
        expect(await read(guest, block)).toBe(content.subarray(block * BLOCK, (block + 1) * BLOCK).toString());
      }
      expect(await guest.console.textSince(0)).toMatch(new RegExp(`verity: .*${root.blockName(unread)} is corrupted`));
      const others = ['find', '/usr', '-type', 'f', '!', '-path', UNREAD_FILE, '-exec', 'cat', '{}', '+'];
      await guest.run(['sh', '-c', `${others.map((word) => `'${word}'`).join(' ')} >/dev/null`]);
      expect(await guest.agent.check({})).toEqual({ status: 'SERVING' });
    },
  );
});

/** Reads a block of the file that no boot reads. */
async function read(guest: Guest, block: number): Promise<string> {
  const { stdout } = await guest.run(['dd', `if=${UNREAD_FILE}`, `bs=${BLOCK}`, `skip=${block}`, 'count=1']);
  return stdout;
}

function problemOf(launching: Promise<unknown>): Promise<unknown> {
  return launching.then(
    () => 'the guest started',
    (error: unknown) => error,
  );
}
