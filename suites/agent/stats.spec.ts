import { describe, expect, test } from '../../fixtures/test.ts';

describe('stats of a container', { tags: ['containers'] }, () => {
  test('StatsContainer of a running container returns its number of processes', async ({ guest, running }) => {
    const { containerId } = running;
    const { cgroupStats } = await guest.agent.statsContainer({ containerId });
    expect(Number(cgroupStats?.pidsStats?.current)).toBe(1);
  });

  test('StatsContainer of a removed container is rejected', async ({ guest, running, expectedErrors }) => {
    const { containerId } = running;
    await guest.agent.removeContainer({ containerId });
    await expect(guest.agent.statsContainer({ containerId })).rejects.toMatchObject(expectedErrors.noContainer);
  });
});
