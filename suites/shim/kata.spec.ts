import { describe, expect, type Guest, type SandboxHost, test } from '../../fixtures/test.ts';

/**
 * The sandbox is started by `ctr`, not as a pod: containerd keeps its own records of a pod's sandbox until the pod is
 * removed.
 */
const BY_CTR = { startedBy: 'ctr' } as const;

describe('two concurrent sandboxes', { tags: ['kata-shim', 'guest-pull-skopeo', 'unsigned-images'] }, () => {
  test('two concurrent sandboxes have separate VMs, and an image pulled in one guest is not in the other', async ({
    guest,
    host,
    launch,
    pull,
  }) => {
    const other = await launch(BY_CTR);
    const [mine, theirs] = [await host.resources(guest.sandboxId), await host.resources(other.sandboxId)];
    for (const { shims, hypervisors } of [mine, theirs]) expect([shims.length, hypervisors.length]).toEqual([1, 1]);
    expect(mine.hypervisors[0]?.pid).not.toBe(theirs.hypervisors[0]?.pid);
    const { containerId } = await pull(guest, 'busybox');
    expect((await other.run(['ls', '/run/kata-containers'])).stdout.split('\n')).not.toContain(containerId);
  });
});

describe('sandbox whose VM is killed', { tags: ['kata-shim'] }, () => {
  test('killing the VM of a sandbox ends calls with UNAVAILABLE, stops its task and leaves nothing after the task is deleted', async ({
    ctr,
    host,
    launch,
    within,
  }) => {
    const guest = await launch(BY_CTR);
    const { hypervisors } = await host.resources(guest.sandboxId);
    const call = guest.agent.waitProcess({ containerId: guest.sandboxId, execId: '' });
    const ended = expect(call).rejects.toMatchObject({ code: 'unavailable' });
    host.kill(hypervisors[0]);
    await ended;
    await host.untilStopped(guest.sandboxId);
    await ctr.run(['tasks', 'delete', '--force', guest.sandboxId], within('sandbox-stop-without-agent'));
    await host.untilGone(guest.sandboxId);
  });
});

describe('sandbox whose shim is killed', { tags: ['kata-shim'] }, () => {
  test('containerd cleans up a sandbox whose shim is killed and leaves no sandbox resources', {
    tags: ['guest-pull-skopeo'],
  }, async ({ host, launch }) => {
    const guest = await launch(BY_CTR);
    await killShim(guest, host);
    await host.untilGone(guest.sandboxId);
  });

  // Main's shim keeps in memory that it created the directory; the shim that containerd starts to clean up does not know that.
  test('containerd cleans up a sandbox whose shim is killed and leaves only its empty shared directory', {
    tags: ['guest-pull-storage', 'unsigned-images'],
  }, async ({ host, launch }) => {
    const guest = await launch(BY_CTR);
    await killShim(guest, host);
    expect(await host.untilGoneButShared(guest.sandboxId)).toEqual(['mounts', 'shared']);
  });
});

describe('sandbox whose containerd is killed', {
  tags: ['kata-shim', 'guest-pull-skopeo', 'unsigned-images'],
}, () => {
  test('a sandbox continues its PullImage while containerd is killed, and the next containerd reports its task as RUNNING', async ({
    host,
    launch,
    pull,
  }) => {
    const guest = await launch(BY_CTR);
    const containerd = await host.findContainerd();
    // The registry is paused, so that the pull cannot end before containerd is killed, however slow this machine is.
    using registry = await host.pauseRegistry();
    const pulling = pull(guest, 'busybox');
    await registry.untilConnected();
    const untilNext = containerd.kill();
    const ended = guest.calls.map(({ method }) => method);
    registry[Symbol.dispose]();
    // The test waits for the next containerd before anything can fail, because other tests need it.
    await untilNext();
    // An RPC call is recorded when it ends: a missing record means that the pull was still in progress when containerd
    // was killed.
    expect(ended).not.toContain('grpc.Image/PullImage');
    expect(await pulling).toMatchObject({ status: 'ok' });
    expect(await host.taskStatus(guest.sandboxId)).toBe('RUNNING');
  });
});

describe('sandbox that runs while containerd is killed', { tags: ['kata-shim', 'runc-compatible-shim'] }, () => {
  test('a sandbox and its VM run on while containerd is killed, and the next containerd reports its task as RUNNING and ends it', async ({
    ctr,
    host,
    launch,
    within,
  }) => {
    const guest = await launch(BY_CTR);
    const containerd = await host.findContainerd();
    const before = await host.resources(guest.sandboxId);
    const untilNext = containerd.kill();
    const { stdout } = await guest.run(['echo', 'runs']).finally(untilNext);
    expect(stdout).toBe('runs\n');
    expect(await host.taskStatus(guest.sandboxId)).toBe('RUNNING');
    const { shims, hypervisors } = await host.resources(guest.sandboxId);
    expect([shims, hypervisors]).toEqual([before.shims, before.hypervisors]);
    await ctr.run(['tasks', 'delete', '--force', guest.sandboxId], within('sandbox-stop'));
    await host.untilGone(guest.sandboxId);
  });
});

/** Kills the shim of a sandbox and waits until its VM has ended as well. */
async function killShim(guest: Guest, host: SandboxHost): Promise<void> {
  const { shims } = await host.resources(guest.sandboxId);
  host.kill(shims[0]);
  await guest.untilEnded();
}
