import { describe, expect, test } from '../../fixtures/test.ts';

// What the agents of main can be asked for and the seed's cannot; without types, which are those of the seed's.
describe('an agent of main', { tags: ['main-rpc'] }, () => {
  test('says how large a volume is and how much of it is used, as the guest does', async ({ guest }) => {
    const path = '/run';
    const answer = await guest.agent.call('GetVolumeStats', { volumeGuestPath: path });
    const { usage, volumeCondition } = answer as Volume;
    const { stdout } = await guest.run(['stat', '--file-system', '--format', '%b %s %c', path]);
    const [blocks = 0, blockSize = 0, inodes = 0] = stdout.trim().split(' ').map(Number);
    expect(usage).toMatchObject([
      { unit: 'BYTES', total: String(blocks * blockSize) },
      { unit: 'INODES', total: String(inodes) },
    ]);
    for (const { available, total, used } of usage) expect(Number(available) + Number(used)).toBe(Number(total));
    expect(volumeCondition).toEqual({ abnormal: false, message: 'OK' });
  });

  test('knows no volume that is not there', async ({ guest }) => {
    await expect(guest.agent.call('GetVolumeStats', { volumeGuestPath: '/nosuch' })).rejects.toMatchObject({
      code: 'internal',
      details: expect.stringContaining('No such file or directory'),
    });
  });

  test('resizes no volume', async ({ guest }) => {
    await expect(guest.agent.call('ResizeVolume', { volumeGuestPath: '/run', size: 1 })).rejects.toMatchObject({
      code: 'unimplemented',
      details: expect.stringContaining('resize_volume is not implemented in kata-agent'),
    });
  });

  test('swaps to no path that is not there', async ({ guest }) => {
    await expect(guest.agent.call('AddSwapPath', { path: '/nosuch' })).rejects.toMatchObject({
      code: 'internal',
      details: expect.stringMatching(/^libc::swapon get error No such file or directory/),
    });
  });

  test.for(['MemAgentMemcgSet', 'MemAgentCompactSet'])(
    'is told nothing by %s unless it manages memory',
    async (method, { guest }) => {
      await expect(guest.agent.call(method, {})).rejects.toMatchObject({
        code: 'internal',
        details: 'mem-agent is disabled',
      });
    },
  );

  test('has no diagnostic data of a kind nobody knows, and names the kind', async ({ guest }) => {
    await expect(guest.agent.call('GetDiagnosticData', { logType: 'gossip' })).rejects.toMatchObject({
      code: 'invalid_argument',
      details: expect.stringContaining('unsupported diagnostic log_type: gossip'),
    });
  });

  test.for(['UpdateEphemeralMounts', 'RemoveStaleVirtiofsShareMounts'])(
    'has nothing to do for %s of nothing',
    async (method, { guest }) => {
      expect(await guest.agent.call(method, {})).toEqual({});
    },
  );
});

interface Volume {
  readonly usage: readonly { readonly [Key in 'available' | 'total' | 'unit' | 'used']: string }[];
  readonly volumeCondition: { readonly abnormal: boolean; readonly message: string };
}
