import { describe, expect, test } from '../../fixtures/test.ts';

const MEBIBYTE = 2 ** 20;
const SWAP = { bytes: 64 * MEBIBYTE, memoryLimit: 128 * MEBIBYTE };

describe('swap in the guest of a sandbox', { tags: ['kata-shim', 'guest-swap'] }, () => {
  test('a container with swappiness gets swap beyond its memory limit in its guest, and none without enable_guest_swap', async ({
    launch,
  }) => {
    for (const enabled of [true, false]) {
      const guest = await launch({ startedBy: 'ctr', swap: { enabled, ...SWAP } });
      const { stdout } = await guest.run(['cat', '/proc/swaps']);
      const [, ...swaps] = stdout.trimEnd().split('\n');
      const sizes = swaps.map((line) => Number(line.split(/\s+/)[2]) * 1024);
      expect(sizes).toEqual(enabled ? [SWAP.bytes] : []);
    }
  });
});
