import { describe, expect, type Guest, type SandboxHost, test } from '../../fixtures/test.ts';

/** Of a pod's sandbox containerd keeps what is its own until the pod is removed. */
const BY_CTR = { startedBy: 'ctr' } as const;

describe('two sandboxes at once', { tags: ['kata-shim', 'guest-pull-skopeo', 'unsigned-images'] }, () => {
  test('have a machine each, and see nothing of each other', async ({ guest, host, launch, pull }) => {
    const other = await launch(BY_CTR);
    const [mine, theirs] = [await host.traces(guest.sandboxId), await host.traces(other.sandboxId)];
    for (const { shims, hypervisors } of [mine, theirs]) expect([shims.length, hypervisors.length]).toEqual([1, 1]);
    expect(mine.hypervisors[0]?.pid).not.toBe(theirs.hypervisors[0]?.pid);
    const { containerId } = await pull(guest, 'busybox');
    expect((await other.run(['ls', '/run/kata-containers'])).stdout.split('\n')).not.toContain(containerId);
  });
});

describe('a sandbox whose virtual machine is killed', { tags: ['kata-shim'] }, () => {
  test('answers no more, is a task that has stopped, and leaves nothing when it is removed', async ({
    ctr,
    host,
    launch,
    target,
  }) => {
    const guest = await launch(BY_CTR);
    const { hypervisors } = await host.traces(guest.sandboxId);
    const call = guest.agent.waitProcess(
      { containerId: guest.sandboxId, execId: '' },
      { timeoutMs: 60_000 * target.slow },
    );
    const ended = expect(call).rejects.toMatchObject({ code: 'unavailable' });
    host.kill(hypervisors[0]);
    await ended;
    await host.untilStopped(guest.sandboxId);
    await ctr.run(['tasks', 'delete', '--force', guest.sandboxId], { timeoutMs: 60_000 * target.slow });
    await host.untilGone(guest.sandboxId);
  });
});

describe('a sandbox whose shim is killed', { tags: ['kata-shim'] }, () => {
  test('is taken apart by containerd, which leaves nothing of it', { tags: ['guest-pull-skopeo'] }, async ({
    host,
    launch,
  }) => {
    const guest = await launch(BY_CTR);
    await killShim(guest, host);
    await host.untilGone(guest.sandboxId);
  });

  // Main's shim remembers that it has made the directory; the one that containerd starts to clean up does not.
  test('is taken apart by containerd, which leaves its empty directory', {
    tags: ['guest-pull-storage', 'unsigned-images'],
  }, async ({ host, launch }) => {
    const guest = await launch(BY_CTR);
    await killShim(guest, host);
    expect(await host.untilGoneButShared(guest.sandboxId)).toEqual(['mounts', 'shared']);
  });
});

describe('a sandbox whose containerd is killed', {
  tags: ['kata-shim', 'guest-pull-skopeo', 'guest-console', 'unsigned-images'],
}, () => {
  test('goes on with a pull meanwhile, and is a running task of the next containerd', async ({
    host,
    launch,
    pull,
    signal,
    target,
  }) => {
    const guest = await launch(BY_CTR);
    const begun = await guest.console.cursor();
    const pulling = pull(guest, 'busybox');
    const wait = { timeoutMs: 10_000 * target.slow, signal };
    await guest.console.waitFor(/Attempting to pull image/, begun, wait);
    const untilNext = await host.killContainerd();
    // Calls are noted when they end: with containerd dead, the pull is still under way.
    expect(guest.calls.map(({ method }) => method)).not.toContain('grpc.Image/PullImage');
    await untilNext();
    expect(await pulling).toMatchObject({ status: 'ok' });
    expect(await host.taskStatus(guest.sandboxId)).toBe('RUNNING');
  });
});

/** Kills a sandbox's shim, and waits until its virtual machine has ended with it. */
async function killShim(guest: Guest, host: SandboxHost): Promise<void> {
  const { shims } = await host.traces(guest.sandboxId);
  host.kill(shims[0]);
  await guest.untilEnded();
}
