import { describe, expect, test } from '../../../fixtures/test.ts';

const DEVICE = '/dev/random';
const FILE = '/run/kata-cc-random';

describe('entropy of a sandbox', { tags: ['agent-rpc', 'virtual-machine'] }, () => {
  test('ReseedRandomDev writes the data of the request to the random generator of the guest, which accepts it', async ({
    cleanup,
    guest,
  }) => {
    const data = Buffer.from('entropy of the request');
    expect(await guest.agent.reseedRandomDev({ data })).toEqual({});
    // What the generator does with the data cannot be observed, so a file takes its place; it knows no reseeding.
    cleanup.defer(() => guest.run(['umount', DEVICE]).then(() => {}));
    await guest.run(['sh', '-c', `: >${FILE} && mount --bind ${FILE} ${DEVICE}`]);
    await expect(guest.agent.reseedRandomDev({ data })).rejects.toMatchObject({
      code: 'internal',
      details: expect.stringMatching(/^ENOTTY: /),
    });
    expect((await guest.run(['cat', FILE])).stdout).toBe(data.toString());
  });
});
