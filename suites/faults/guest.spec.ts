import {
  bundleOf,
  CONTAINER_BASE,
  describe,
  expect,
  expectedStoragePull,
  type Guest,
  listDirectory,
  PULL_FAILED,
  type RunningContainer,
  test,
} from '../../fixtures/test.ts';

/** Error of a pull whose guest ended during the pull. */
const ENDED_WITH_UNAVAILABLE = {
  code: 'guest-ended',
  message: expect.stringMatching(/^the guest ended while it pulled an image: unavailable /),
};

/** Calls Check, which the guest must not answer, and expects the call to end at its deadline. */
async function unanswered(guest: Guest): Promise<void> {
  const begun = performance.now();
  // biome-ignore lint/plugin/time-limit: the test waits for this deadline, which always passes.
  await expect(guest.agent.check({}, { timeoutMs: 300 })).rejects.toMatchObject({ code: 'deadline_exceeded' });
  expect(performance.now() - begun).toBeLessThan(2_000);
}

/**
 * Starts a process and waits for its end in the background. The returned function ends the process with a code and resolves
 * to the exit code that WaitProcess returned.
 */
async function waitedFor(guest: Guest, container: RunningContainer): Promise<(code: number) => Promise<number>> {
  const { containerId } = container;
  const execId = await container.exec(['sh', '-c', 'read -r code; exit "$code"']);
  const waiting = container.wait(execId);
  // Prevents an unhandled rejection if a test fails before it awaits this. A test that awaits it still gets the error.
  waiting.catch(() => {});
  return async (code) => {
    await guest.agent.writeStdin({ containerId, execId, data: Buffer.from(`${code}\n`) });
    return waiting;
  };
}

describe('killed agent', { tags: ['guest-exit', 'fault-injection'] }, () => {
  test('killing the agent during PullImage ends the call with UNAVAILABLE and ends the guest', {
    tags: ['guest-pull-skopeo', 'unsigned-images'],
  }, async ({ launchWithFaultyRegistry, pull, within }) => {
    const { guest, registry } = await launchWithFaultyRegistry();
    registry.set({ kind: 'slow', bytesPerSecond: 50_000 });
    const pulling = pull(guest, 'medium').catch((error: unknown) => error);
    await registry.sees('GET layer', within('registry-request'));
    await guest.killAgent();
    await guest.untilEnded();
    // The files of the pull are gone with the guest, so only the call can be checked.
    expect(await pulling).toMatchObject(ENDED_WITH_UNAVAILABLE);
    expect(guest.calls.at(-1)).toMatchObject({ method: 'grpc.Image/PullImage', status: 'unavailable' });
  });

  test('killing the agent during CreateContainer with image_guest_pull ends the call with UNAVAILABLE and ends the guest', {
    tags: ['guest-pull-storage', 'unsigned-images'],
  }, async ({ launchWithFaultyRegistry, createFromImage, within }) => {
    const { guest, registry } = await launchWithFaultyRegistry();
    registry.set({ kind: 'slow', bytesPerSecond: 50_000 });
    const creating = createFromImage(guest, 'busybox').catch((error: unknown) => error);
    await registry.sees('GET layer', within('registry-request'));
    await guest.killAgent();
    await guest.untilEnded();
    expect(await creating).toMatchObject(ENDED_WITH_UNAVAILABLE);
    expect(guest.calls.at(-1)).toMatchObject({ method: 'grpc.AgentService/CreateContainer', status: 'unavailable' });
  });

  test('killing the agent while a process of ExecProcess runs ends its WaitProcess with UNAVAILABLE', {
    tags: ['containers'],
  }, async ({ launch, startRunning }) => {
    const guest = await launch();
    const container = await startRunning(guest);
    const execId = await container.exec(['sleep', '3600']);
    const waiting = expect(container.wait(execId)).rejects.toMatchObject({ code: 'unavailable' });
    await guest.killAgent();
    await waiting;
    await guest.untilEnded();
  });

  test('killing the agent ends the processes of its containers', {
    tags: ['containers', 'host-processes'],
  }, async ({ launch, startRunning, hostProcesses, within }) => {
    const guest = await launch();
    const container = await startRunning(guest);
    const marker = `36${process.pid}`;
    await container.exec(['sleep', marker]);
    // For a moment the process still has the command line of the container runtime that executes it.
    await expect.poll(() => hostProcesses(`sleep ${marker}`), { timeout: within('process').timeoutMs }).toHaveLength(1);
    await guest.killAgent();
    await guest.untilEnded();
    expect(await hostProcesses(`sleep ${marker}`)).toEqual([]);
    await expect(guest.agent.check({})).rejects.toMatchObject({ code: 'unavailable' });
  });
});

describe('frozen guest', { tags: ['agent-rpc', 'guest-console', 'fault-injection'] }, () => {
  test('a frozen guest lets calls end at their deadline and answers pending ones once it is thawed', async ({
    faultyRegistry,
  }) => {
    const { guest } = faultyRegistry;
    let waiting: Promise<unknown>;
    {
      await using _ = await guest.freeze();
      await unanswered(guest);
      waiting = guest.agent.check({});
    }
    expect(await waiting).toEqual({ status: 'SERVING' });
  });

  test('PullImage completes after a guest that was frozen during the pull is thawed', {
    tags: ['guest-pull-skopeo', 'unsigned-images'],
  }, async ({ faultyRegistry, pull, target, within }) => {
    const { guest, registry } = faultyRegistry;
    registry.set({ kind: 'slow', bytesPerSecond: 150_000 });
    const pulling = pull(guest, 'medium');
    await registry.sees('GET layer', within('registry-request'));
    {
      await using _ = await guest.freeze();
      await unanswered(guest);
    }
    const bundle = bundleOf(target.digests.medium);
    expect(await pulling).toMatchObject({ status: 'ok', bundle, leftover: false });
  });

  test('CreateContainer with image_guest_pull completes after a guest that was frozen during the pull is thawed', {
    tags: ['guest-pull-storage', 'unsigned-images'],
  }, async ({ faultyRegistry, createFromImage, within }) => {
    const { guest, registry } = faultyRegistry;
    registry.set({ kind: 'slow', bytesPerSecond: 1_000_000 });
    const creating = createFromImage(guest, 'busybox');
    await registry.sees('GET layer', within('registry-request'));
    {
      await using _ = await guest.freeze();
      await unanswered(guest);
    }
    expect(await creating).toMatchObject(expectedStoragePull({ image: 'busybox' }));
  });

  test('WaitProcess returns the exit code after a guest that was frozen during ExecProcess is thawed', {
    tags: ['containers'],
  }, async ({ faultyRegistry, startRunning }) => {
    const { guest } = faultyRegistry;
    const end = await waitedFor(guest, await startRunning(guest));
    {
      await using _ = await guest.freeze();
      await unanswered(guest);
    }
    expect(await end(7)).toBe(7);
  });

  test('killing a frozen guest ends pending calls with UNAVAILABLE and leaves no process of it on the host', {
    tags: ['host-processes'],
  }, async ({ launch, hostProcesses }) => {
    const guest = await launch();
    const frozen = await guest.freeze();
    await unanswered(guest);
    const waiting = expect(guest.agent.check({})).rejects.toMatchObject({ code: 'unavailable' });
    await guest.kill();
    await waiting;
    await frozen[Symbol.asyncDispose]();
    expect(await hostProcesses(`/${guest.sandboxId}/`)).toEqual([]);
  });
});

describe('guest whose clock jumps', {
  tags: ['containers', 'guest-console', 'fault-injection', 'virtual-machine'],
}, () => {
  const YEAR_S = 365 * 86_400;

  test('a guest whose clock jumps a year ahead, a year back and to now keeps its processes and pending WaitProcess calls', async ({
    faultyRegistry,
    startRunning,
    within,
  }) => {
    const { guest } = faultyRegistry;
    const end = await waitedFor(guest, await startRunning(guest));
    for (const years of [1, -1, 0]) {
      const Sec = Math.floor(Date.now() / 1_000) + years * YEAR_S;
      await guest.agent.setGuestDateTime({ Sec, Usec: 0 });
      const { stdout } = await guest.run(['date', '+%s']);
      expect(Math.abs(Number(stdout) - Sec)).toBeLessThan(within('command').timeoutMs / 1_000);
      expect(await guest.agent.check({}, within('quick-rpc'))).toEqual({ status: 'SERVING' });
    }
    expect(await end(7)).toBe(7);
  });
});

describe('guest paused by its hypervisor', { tags: ['agent-rpc', 'guest-exit', 'virtual-machine'] }, () => {
  test('a guest paused by QEMU lets calls end at their deadline and runs again once it is resumed', async ({
    launch,
  }) => {
    const guest = await launch();
    {
      await using _ = await guest.pause();
      await unanswered(guest);
    }
    // The guest's connections do not survive a pause, but its console does: if the guest obeys a command from the
    // console, it runs again.
    await guest.killAgent();
    await guest.untilEnded();
  });
});

describe('guest with a full disk', {
  tags: ['guest-pull-skopeo', 'guest-console', 'fault-injection', 'unsigned-images'],
}, () => {
  /** Command that mounts a tmpfs with little room at a path; `room` is the mount option that limits it. */
  const full = (path: string, room: string): string[] => ['mount', '-t', 'tmpfs', '-o', room, 'tmpfs', path];

  test('PullImage without space to fetch the image fails with "no space left on device" and succeeds once there is space', async ({
    faultyRegistry,
    pull,
  }) => {
    const { guest } = faultyRegistry;
    await guest.run(full('/tmp', 'size=256k'));
    const rejection = await pull(guest, 'medium');
    expect(rejection).toMatchObject({
      status: 'internal',
      answer: PULL_FAILED,
      cause: expect.stringContaining('no space left on device'),
      bundle: undefined,
      leftover: false,
    });
    await guest.run(['umount', '/tmp']);
    const { containerId } = rejection;
    expect(await pull(guest, 'medium', { containerId })).toMatchObject({ status: 'ok', leftover: false });
  });

  test('PullImage without space to unpack the image fails with "no space left on device" and succeeds once there is space', async ({
    faultyRegistry,
    pull,
    within,
  }) => {
    const { guest } = faultyRegistry;
    const since = await guest.console.cursor();
    await guest.run(['mkdir', '-p', CONTAINER_BASE]);
    // Space for the large file at the start of the layer, but not for the links at its end: an umoci that fails while it
    // still reads a layer may panic over the digest it computes (`d.nx != 0`) and never print why it failed.
    await guest.run(full(CONTAINER_BASE, 'nr_inodes=20'));
    const rejection = await pull(guest, 'busybox');
    const answer = 'failed to unpack image: ExitStatus(unix_wait_status(256))';
    expect(rejection).toMatchObject({ status: 'internal', answer });
    await guest.console.waitFor(/no space left on device/, since, within('console'));
    await guest.run(['umount', CONTAINER_BASE]);
    expect(await listDirectory(guest, `${CONTAINER_BASE}/${rejection.containerId}`)).toBeUndefined();
    expect(await pull(guest, 'busybox')).toMatchObject({ status: 'ok', leftover: false });
  });
});
