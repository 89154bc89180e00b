import {
  bundleOf,
  CONTAINER_BASE,
  describe,
  digestOf,
  expect,
  expectedStoragePull,
  type Guest,
  listDirectory,
  PULL_FAILED,
  type RunningContainer,
  test,
} from '../../fixtures/test.ts';

/** What a pull rejects with whose guest has ended meanwhile. */
const ENDED_WITH_UNAVAILABLE = {
  code: 'guest-ended',
  message: expect.stringMatching(/^the guest ended while it pulled an image: unavailable /),
};

/** A call in vain, which ends when it was said to. */
async function unanswered(guest: Guest): Promise<void> {
  const begun = performance.now();
  await expect(guest.agent.check({}, { timeoutMs: 300 })).rejects.toMatchObject({ code: 'deadline_exceeded' });
  expect(performance.now() - begun).toBeLessThan(2_000);
}

/** Starts a process whose end is waited for from now on. Gives what ends it with a code, and says the code it ended with. */
async function waitedFor(guest: Guest, container: RunningContainer): Promise<(code: number) => Promise<number>> {
  const { containerId } = container;
  const execId = await container.exec(['sh', '-c', 'read -r code; exit "$code"']);
  const waiting = container.wait(execId);
  // Not unhandled when a test fails before it awaits this; one that does await it hears of the failure.
  waiting.catch(() => {});
  return async (code) => {
    await guest.agent.writeStdin({ containerId, execId, data: Buffer.from(`${code}\n`) });
    return waiting;
  };
}

describe('an agent that is killed', { tags: ['guest-exit', 'fault-injection'] }, () => {
  test('in the middle of a pull ends the call with UNAVAILABLE, and the guest with it', {
    tags: ['guest-pull-skopeo', 'unsigned-images'],
  }, async ({ interfered, pull, signal, target }) => {
    const { guest, registry } = await interfered();
    registry.set({ kind: 'slow', bytesPerSecond: 50_000 });
    const pulling = pull(guest, 'medium').catch((error: unknown) => error);
    await registry.sees('GET layer', { timeoutMs: 10_000 * target.slow, signal });
    await guest.killAgent();
    await guest.untilEnded();
    // What it left is gone with the guest, so only the call itself can be looked at.
    expect(await pulling).toMatchObject(ENDED_WITH_UNAVAILABLE);
    expect(guest.calls.at(-1)).toMatchObject({ method: 'grpc.Image/PullImage', status: 'unavailable' });
  });

  test('in the middle of a pull for a container ends the call with UNAVAILABLE, and the guest with it', {
    tags: ['guest-pull-storage', 'unsigned-images'],
  }, async ({ interfered, createFromImage, signal, target }) => {
    const { guest, registry } = await interfered();
    registry.set({ kind: 'slow', bytesPerSecond: 50_000 });
    const creating = createFromImage(guest, 'busybox').catch((error: unknown) => error);
    await registry.sees('GET layer', { timeoutMs: 10_000 * target.slow, signal });
    await guest.killAgent();
    await guest.untilEnded();
    expect(await creating).toMatchObject(ENDED_WITH_UNAVAILABLE);
    expect(guest.calls.at(-1)).toMatchObject({ method: 'grpc.AgentService/CreateContainer', status: 'unavailable' });
  });

  test('in the middle of an exec ends whoever waits for it with UNAVAILABLE', { tags: ['containers'] }, async ({
    launch,
    startRunning,
  }) => {
    const guest = await launch();
    const container = await startRunning(guest);
    const execId = await container.exec(['sleep', '3600']);
    const waiting = expect(container.wait(execId)).rejects.toMatchObject({ code: 'unavailable' });
    await guest.killAgent();
    await waiting;
    await guest.untilEnded();
  });

  test('in the middle of a container’s life takes its processes along', {
    tags: ['containers', 'host-processes'],
  }, async ({ launch, startRunning, hostProcesses }) => {
    const guest = await launch();
    const container = await startRunning(guest);
    const marker = `36${process.pid}`;
    await container.exec(['sleep', marker]);
    // For a moment it is still the runtime that becomes it.
    await expect.poll(() => hostProcesses(`sleep ${marker}`), { timeout: 5_000 }).toHaveLength(1);
    await guest.killAgent();
    await guest.untilEnded();
    expect(await hostProcesses(`sleep ${marker}`)).toEqual([]);
    await expect(guest.agent.check({})).rejects.toMatchObject({ code: 'unavailable' });
  });
});

describe('a guest that is frozen', { tags: ['agent-rpc', 'guest-console', 'fault-injection'] }, () => {
  test('keeps no caller beyond its deadline, and answers again when it goes on', async ({ faulty, target }) => {
    const { guest } = faulty;
    let waiting: Promise<unknown>;
    {
      await using _ = await guest.freeze();
      await unanswered(guest);
      waiting = guest.agent.check({}, { timeoutMs: 20_000 * target.slow });
    }
    expect(await waiting).toEqual({ status: 'SERVING' });
  });

  test('in the middle of a pull goes on with it afterwards', {
    tags: ['guest-pull-skopeo', 'unsigned-images'],
  }, async ({ faulty, pull, signal, target }) => {
    const { guest, registry } = faulty;
    registry.set({ kind: 'slow', bytesPerSecond: 150_000 });
    const pulling = pull(guest, 'medium');
    await registry.sees('GET layer', { timeoutMs: 10_000 * target.slow, signal });
    {
      await using _ = await guest.freeze();
      await unanswered(guest);
    }
    const bundle = bundleOf(digestOf('medium', target));
    expect(await pulling).toMatchObject({ status: 'ok', bundle, leftover: false });
  });

  test('in the middle of a pull for a container goes on with it afterwards', {
    tags: ['guest-pull-storage', 'unsigned-images'],
  }, async ({ faulty, createFromImage, signal, target }) => {
    const { guest, registry } = faulty;
    registry.set({ kind: 'slow', bytesPerSecond: 1_000_000 });
    const creating = createFromImage(guest, 'busybox');
    await registry.sees('GET layer', { timeoutMs: 10_000 * target.slow, signal });
    {
      await using _ = await guest.freeze();
      await unanswered(guest);
    }
    expect(await creating).toMatchObject(expectedStoragePull({ image: 'busybox' }));
  });

  test('in the middle of an exec gives its exit code afterwards', { tags: ['containers'] }, async ({
    faulty,
    startRunning,
  }) => {
    const { guest } = faulty;
    const end = await waitedFor(guest, await startRunning(guest));
    {
      await using _ = await guest.freeze();
      await unanswered(guest);
    }
    expect(await end(7)).toBe(7);
  });

  test('and ended so fails who waits for it, and needs not go on to end', { tags: ['host-processes'] }, async ({
    launch,
    hostProcesses,
  }) => {
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

describe('a guest whose clock jumps', {
  tags: ['containers', 'guest-console', 'fault-injection', 'virtual-machine'],
}, () => {
  const YEAR_S = 365 * 86_400;

  test('a year ahead, a year back and home keeps its processes and whoever waits for them', async ({
    faulty,
    startRunning,
    target,
  }) => {
    const { guest } = faulty;
    const end = await waitedFor(guest, await startRunning(guest));
    for (const years of [1, -1, 0]) {
      const Sec = Math.floor(Date.now() / 1_000) + years * YEAR_S;
      await guest.agent.setGuestDateTime({ Sec, Usec: 0 });
      const { stdout } = await guest.run(['date', '+%s']);
      expect(Math.abs(Number(stdout) - Sec)).toBeLessThan(60 * target.slow);
      expect(await guest.agent.check({}, { timeoutMs: 5_000 * target.slow })).toEqual({ status: 'SERVING' });
    }
    expect(await end(7)).toBe(7);
  });
});

describe('a guest that its hypervisor stops', { tags: ['agent-rpc', 'guest-exit', 'virtual-machine'] }, () => {
  test('keeps no caller beyond its deadline, and goes on when it is let', async ({ launch }) => {
    const guest = await launch();
    {
      await using _ = await guest.pause();
      await unanswered(guest);
    }
    // That it runs again is seen on its console: it hears, and does, what is written there.
    await guest.killAgent();
    await guest.untilEnded();
  });
});

describe('a guest whose disk is full', {
  tags: ['guest-pull-skopeo', 'guest-console', 'fault-injection', 'unsigned-images'],
}, () => {
  /** `room` is what tmpfs is mounted with. */
  const full = (path: string, room: string): string[] => ['mount', '-t', 'tmpfs', '-o', room, 'tmpfs', path];

  test('refuses a pull it has no room to fetch, and takes it when there is room again', async ({ faulty, pull }) => {
    const { guest } = faulty;
    await guest.run(full('/tmp', 'size=256k'));
    const refusal = await pull(guest, 'medium');
    expect(refusal).toMatchObject({
      status: 'internal',
      answer: PULL_FAILED,
      cause: expect.stringContaining('no space left on device'),
      bundle: undefined,
      leftover: false,
    });
    await guest.run(['umount', '/tmp']);
    const { containerId } = refusal;
    expect(await pull(guest, 'medium', { containerId })).toMatchObject({ status: 'ok', leftover: false });
  });

  test('refuses a pull it has no room to unpack, and says so', async ({ faulty, pull, target }) => {
    const { guest } = faulty;
    const since = await guest.console.cursor();
    await guest.run(['mkdir', '-p', CONTAINER_BASE]);
    // Room for the large file that the layer begins with, not for the links that end it: an umoci that fails while it
    // still reads a layer may panic over the digest it computes (`d.nx != 0`) and never say what it failed for.
    await guest.run(full(CONTAINER_BASE, 'nr_inodes=20'));
    const refusal = await pull(guest, 'busybox');
    const answer = 'failed to unpack image: ExitStatus(unix_wait_status(256))';
    expect(refusal).toMatchObject({ status: 'internal', answer });
    await guest.console.waitFor(/no space left on device/, since, { timeoutMs: 5_000 * target.slow });
    await guest.run(['umount', CONTAINER_BASE]);
    expect(await listDirectory(guest, `${CONTAINER_BASE}/${refusal.containerId}`)).toBeUndefined();
    expect(await pull(guest, 'busybox')).toMatchObject({ status: 'ok', leftover: false });
  });
});
