import { describe, expect, test } from '../../fixtures/test.ts';

// Endpoints that agents of main have and agents of CCv0 lack.
describe('endpoints of main', { tags: ['main-rpc'] }, () => {
  test('GetVolumeStats returns the capacity, inodes and consistent usage of a volume as stat in the guest reports them', {
    tags: ['volume-stats'],
  }, async ({ guest }) => {
    const path = '/run';
    const { usage, volumeCondition } = await guest.agent.getVolumeStats({ volumeGuestPath: path });
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

  test('AddSwapPath with a path that does not exist fails in swapon with "No such file or directory"', {
    tags: ['swap-path-rpc'],
  }, async ({ guest }) => {
    await expect(guest.agent.addSwapPath({ path: '/nosuch' })).rejects.toMatchObject({
      code: 'internal',
      details: expect.stringMatching(/^libc::swapon get error No such file or directory/),
    });
  });

  test.for([
    ['MemAgentMemcgSet', 'memAgentMemcgSet'],
    ['MemAgentCompactSet', 'memAgentCompactSet'],
  ] as const)(
    '%s is rejected while mem-agent is disabled',
    { tags: ['mem-agent-rpc'] },
    async ([, method], { guest }) => {
      await expect(guest.agent[method]({})).rejects.toMatchObject({
        code: 'internal',
        details: 'mem-agent is disabled',
      });
    },
  );

  test('GetDiagnosticData of an unsupported log type fails with INVALID_ARGUMENT and names the type', {
    tags: ['diagnostic-data-rpc'],
  }, async ({ guest }) => {
    await expect(guest.agent.getDiagnosticData({ logType: 'gossip' })).rejects.toMatchObject({
      code: 'invalid_argument',
      details: expect.stringContaining('unsupported diagnostic log_type: gossip'),
    });
  });

  test.for([
    ['UpdateEphemeralMounts', 'updateEphemeralMounts'],
    ['RemoveStaleVirtiofsShareMounts', 'removeStaleVirtiofsShareMounts'],
  ] as const)(
    '%s with an empty request succeeds',
    { tags: ['ephemeral-mounts-rpc', 'stale-share-mounts-rpc'] },
    async ([, method], { guest }) => {
      expect(await guest.agent[method]({})).toEqual({});
    },
  );
});
