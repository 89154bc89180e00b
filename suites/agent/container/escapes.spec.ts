import { CAPABILITIES, describe, expect, readAll, readUntil, test } from '../../../fixtures/test.ts';

// What a container, or a request for one of its processes, could use to leave its root file system or its capabilities.

/**
 * The first process moves into a mount namespace of its own, where cap_last_cap is 0. An agent that joins that namespace,
 * and drops the capabilities up to cap_last_cap, drops one only.
 */
const FORGES_CAP_LAST_CAP = [
  'sh',
  '-c',
  'exec unshare -m sh -c "echo 0 >/forged; mount --bind /forged /proc/sys/kernel/cap_last_cap; echo ready; exec sleep 3600"',
];
const ADMIN = [...CAPABILITIES, 'CAP_SYS_ADMIN'];
/** Capability CAP_KILL alone, as /proc/PID/status shows it. Source: linux/capability.h. */
const CAP_KILL = '0000000000000020';

describe('escapes of a container', { tags: ['containers', 'guest-exit'] }, () => {
  test('ExecProcess with a working directory in the root file system of another container is rejected', {
    tags: ['checked-cwd'],
  }, async ({ launch, startRunning, expectedErrors }) => {
    const guest = await launch();
    await startRunning(guest, { args: ['sh', '-c', 'mkdir /of-another; exec sleep 3600'] });
    const container = await startRunning(guest, { request: { sandboxPidns: true } });
    const listed = async (Cwd: string): Promise<string> => {
      const execId = await container.exec(['ls'], { process: { Cwd } });
      return readAll(guest, 'stdout', container.containerId, execId);
    };
    // Process 1 of the shared PID namespace is the first container's.
    await expect(listed('/proc/1/root')).rejects.toMatchObject(
      expectedErrors.internal('current working directory is outside the container mount namespace root'),
    );
    expect(await listed('/proc/self/root')).not.toContain('of-another');
  });

  test('ExecProcess gives a process its capabilities although the first process has forged cap_last_cap in a mount namespace of its own', {
    tags: ['pinned-namespaces'],
  }, async ({ guest, startRunning }) => {
    const container = await startRunning(guest, {
      args: FORGES_CAP_LAST_CAP,
      process: { Capabilities: { Bounding: ADMIN, Effective: ADMIN, Permitted: ADMIN } },
    });
    const { containerId } = container;
    await readUntil(guest, 'ready', containerId, containerId);
    const killAlone = { Bounding: ['CAP_KILL'], Effective: ['CAP_KILL'], Permitted: ['CAP_KILL'] };
    const execId = await container.exec(
      ['sh', '-c', 'cat /proc/sys/kernel/cap_last_cap; grep CapBnd /proc/self/status'],
      {
        process: { Capabilities: killAlone },
      },
    );
    const [last, bounding] = (await readAll(guest, 'stdout', containerId, execId)).split('\n');
    expect(bounding).toBe(`CapBnd:\t${CAP_KILL}`);
    expect(Number(last)).toBeGreaterThan(0);
  });
});
