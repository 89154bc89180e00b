import { describe, expect, test } from '../../fixtures/test.ts';

// Endpoints that agents of main have and agents of CCv0 lack. They are called by name, without types: the generated types of
// the client are those of CCv0.
describe('endpoints of main', { tags: ['main-rpc'] }, () => {
  test('GetVolumeStats returns the capacity, inodes and consistent usage of a volume as stat in the guest reports them', {
    tags: ['volume-stats'],
  }, async ({ guest }) => {
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

  test('GetVolumeStats of a path that does not exist fails with "No such file or directory"', async ({ guest }) => {
    await expect(guest.agent.call('GetVolumeStats', { volumeGuestPath: '/nosuch' })).rejects.toMatchObject({
      code: 'internal',
      details: expect.stringContaining('No such file or directory'),
    });
  });

  test('ResizeVolume fails with UNIMPLEMENTED', { tags: ['resize-volume-handler'] }, async ({ guest }) => {
    await expect(guest.agent.call('ResizeVolume', { volumeGuestPath: '/run', size: 1 })).rejects.toMatchObject({
      code: 'unimplemented',
      details: expect.stringContaining('resize_volume is not implemented in kata-agent'),
    });
  });

  test('AddSwapPath with a path that does not exist fails in swapon with "No such file or directory"', {
    tags: ['swap-path-rpc'],
  }, async ({ guest }) => {
    await expect(guest.agent.call('AddSwapPath', { path: '/nosuch' })).rejects.toMatchObject({
      code: 'internal',
      details: expect.stringMatching(/^libc::swapon get error No such file or directory/),
    });
  });

  test.for(['MemAgentMemcgSet', 'MemAgentCompactSet'])(
    '%s is rejected while mem-agent is disabled',
    { tags: ['mem-agent-rpc'] },
    async (method, { guest }) => {
      await expect(guest.agent.call(method, {})).rejects.toMatchObject({
        code: 'internal',
        details: 'mem-agent is disabled',
      });
    },
  );

  test('GetDiagnosticData of an unsupported log type fails with INVALID_ARGUMENT and names the type', {
    tags: ['diagnostic-data-rpc'],
  }, async ({ guest }) => {
    await expect(guest.agent.call('GetDiagnosticData', { logType: 'gossip' })).rejects.toMatchObject({
      code: 'invalid_argument',
      details: expect.stringContaining('unsupported diagnostic log_type: gossip'),
    });
  });

  test.for(['UpdateEphemeralMounts', 'RemoveStaleVirtiofsShareMounts'])(
    '%s with an empty request succeeds',
    { tags: ['ephemeral-mounts-rpc', 'stale-share-mounts-rpc'] },
    async (method, { guest }) => {
      expect(await guest.agent.call(method, {})).toEqual({});
    },
  );
});

interface Volume {
  readonly usage: readonly { readonly [Key in 'available' | 'total' | 'unit' | 'used']: string }[];
  readonly volumeCondition: { readonly abnormal: boolean; readonly message: string };
}
