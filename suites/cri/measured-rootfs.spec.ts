import { describe, expect, linesOf, type MeasuredSandboxChange, rootOf, test } from '../../fixtures/test.ts';

// Some claims of suites/guest/measured-rootfs, made there for guests that this project boots, here for sandboxes of Kata's shim, which
// makes the kernel parameters of dm-verity from kernel_verity_params.
const tags = ['kata-shim', 'measured-rootfs', 'agent-rpc', 'guest-console', 'debug-console'] as const;

const OTHER = '1'.repeat(64);

describe('measured root file system of a sandbox', { tags: [...tags] }, () => {
  test('the root file system of a sandbox is the device of dm-verity that kernel_verity_params of Kata’s configuration names', async ({
    guest,
    target,
  }) => {
    expect(await rootOf(guest)).toBe('dm-0 ext4 ro');
    const { rootHash, salt } = target.kataImage?.verity ?? {};
    expect((await guest.run(['cat', '/proc/cmdline'])).stdout).toContain(
      ` sha256 ${rootHash} ${salt}" root=/dev/dm-0 `,
    );
    expect(await linesOf(guest, 'cd /sys/block/dm-0; cat dm/name ro; ls slaves')).toEqual([
      ...['dm-verity', '1'],
      ...['vda1', 'vda2'],
    ]);
  });

  test.for<[claim: string, change: MeasuredSandboxChange, prints: RegExp]>([
    ['another root hash', { verity: { rootHash: OTHER } }, /verity: .*metadata block 0 is corrupted/],
    ['another salt', { verity: { salt: OTHER } }, /verity: .*metadata block 0 is corrupted/],
    ['an image with one changed byte', { copy: 'changed' }, /verity: .*data block 0 is corrupted/],
  ])('no agent answers in a sandbox whose annotations have %s', async ([_, change, prints], { launchMeasured }) => {
    const problem: unknown = await launchMeasured(change).then(
      () => 'the sandbox started',
      (error: unknown) => error,
    );
    expect(problem).toMatchObject({ code: 'agent-ended', console: expect.stringMatching(prints) });
  });

  test('the agent answers in a sandbox whose annotations have an unchanged copy of the image, and its root hash', async ({
    launchMeasured,
  }) => {
    const guest = await launchMeasured({ copy: 'unchanged', verity: {} });
    expect(await guest.agent.check({})).toEqual({ status: 'SERVING' });
    expect(await rootOf(guest)).toBe('dm-0 ext4 ro');
  });

  test('Kata’s shim starts no sandbox whose annotation kernel_verity_params has no root hash', async ({
    launchMeasured,
  }) => {
    await expect(launchMeasured({ verity: { rootHash: '' } })).rejects.toThrow(
      /invalid kernel_verity_params in annotation: missing kernel_verity_params root_hash/,
    );
  });
});
