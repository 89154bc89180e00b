import { createContainer, describe, expect, type Guest, test } from '../../../fixtures/test.ts';

/** Memory limit of a container, which its processes exceed one after another. */
const Limit = 32 * 2 ** 20;

// Each test has a guest of its own: an OOM event that nothing fetches stays queued for the next GetOOMEvent in that guest.
describe('OOM events of a sandbox', { tags: ['containers', 'virtual-machine', 'usable-devices'] }, () => {
  // container-spec.spec.ts has the claim for one process.
  test('GetOOMEvent names a container of which the kernel kills two processes for its memory limit', async ({
    launch,
    newId,
    within,
  }) => {
    const guest = await launch();
    const [containerId, other] = [newId(), newId()];
    await createContainer(guest, other);
    await exceedLimit(guest, containerId, 2);
    expect(await guest.agent.getOOMEvent({}, within('process'))).toEqual({ containerId });
  });

  test('GetOOMEvent names a container of which the kernel kills a process in a guest with version 2 of the cgroup hierarchy', {
    tags: ['main-rpc'],
  }, async ({ launch, newId, within }) => {
    const guest = await launch({ machine: { cgroup: 2 } });
    const containerId = newId();
    await exceedLimit(guest, containerId, 1);
    expect(await guest.agent.getOOMEvent({}, within('process'))).toEqual({ containerId });
  });

  test('GetOOMEvent does not name the container that has the id of the sandbox', async ({ launch, newId, within }) => {
    const guest = await launch();
    const [sandboxId, containerId] = [newId(), newId()];
    await guest.agent.createSandbox({ sandboxId });
    await exceedLimit(guest, sandboxId, 2);
    await exceedLimit(guest, containerId, 2);
    expect(await guest.agent.getOOMEvent({}, within('process'))).toEqual({ containerId });
  });
});

/** Runs a container in which the kernel kills processes, one after another, because they exceed the container's limit. */
async function exceedLimit(guest: Guest, containerId: string, processes: number): Promise<void> {
  // tail buffers a line until it is complete, and this line never ends.
  const exceed = Array.from({ length: processes }, () => 'tail /dev/zero; [ $? = 137 ] || exit 1');
  const args = ['sh', '-c', ['read -r _', ...exceed, 'exit 0'].join('; ')];
  await createContainer(guest, containerId, { args, linux: { Resources: { Memory: { Limit } } } });
  await guest.agent.startContainer({ containerId });
  await guest.agent.writeStdin({ containerId, execId: containerId, data: Buffer.from('go\n') });
  expect(await guest.agent.waitProcess({ containerId, execId: containerId })).toMatchObject({ status: 0 });
}
