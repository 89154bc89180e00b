import { describe, expect, test } from '../../../fixtures/test.ts';

/** A directory of the guest for the storages of a sandbox. */
const AT = '/run/kata-cc-sandbox';

const SHM = { driver: 'ephemeral', source: 'shm', fstype: 'tmpfs', mountPoint: `${AT}/shm`, options: ['fsgid=4321'] };

describe('storages of a sandbox', { tags: ['containers', 'virtual-machine'] }, () => {
  test('CreateSandbox provides its storages, and a container with the same storage does not mount it again', async ({
    launch,
    newId,
    startRunning,
  }) => {
    const guest = await launch();
    const local = { driver: 'local', mountPoint: `${AT}/local`, options: ['mode=0750'] };
    await guest.agent.createSandbox({ sandboxId: newId(), hostname: 'sandbox', storages: [SHM, local] });
    const look = `ls -lnd ${AT}/shm ${AT}/local; grep ${AT} /proc/mounts`;
    const { stdout } = await guest.run(['sh', '-c', look]);
    expect(stdout).toMatch(/^drwxr-x--- .* 0 +0 .*local\ndrwxrwsrwt .* 0 +4321 .*shm\nshm \S+ tmpfs rw/);
    await guest.run(['sh', '-c', `echo of the sandbox >${AT}/shm/greeting`]);
    const { containerId, wait } = await startRunning(guest, {
      args: ['sh', '-c', 'grep -q "of the sandbox" /dev/shm/greeting'],
      mounts: [{ destination: '/dev/shm', source: `${AT}/shm`, type: 'bind', options: ['rbind'] }],
      storages: [SHM],
    });
    expect(await wait(containerId)).toBe(0);
  });

  test('CreateSandbox with a storage of an unknown driver is rejected', async ({ launch, newId }) => {
    const guest = await launch();
    const request = guest.agent.createSandbox({ sandboxId: newId(), storages: [{ ...SHM, driver: 'nosuch' }] });
    await expect(request).rejects.toMatchObject({
      code: 'internal',
      details: expect.stringContaining('Failed to find the storage handler nosuch'),
    });
    expect((await guest.run(['cat', '/proc/mounts'])).stdout).not.toContain(AT);
  });
});
