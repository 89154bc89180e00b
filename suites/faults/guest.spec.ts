import { CONTAINER_BASE, describe, expect, listDirectory, PULL_FAILED, test } from '../../fixtures/test.ts';

const AGENT = 'kata-agent|stand-in-agent';

describe('an agent that is killed', { tags: ['guest-pull-skopeo', 'guest-exit', 'fault-injection'] }, () => {
  test('in the middle of a pull ends the call with UNAVAILABLE, and the guest with it', async ({
    interfered,
    pull,
    signal,
  }) => {
    const { guest, registry } = await interfered();
    registry.set({ kind: 'slow', bytesPerSecond: 50_000 });
    const pulling = pull(guest, 'busybox').catch((error: unknown) => error);
    await registry.sees('GET layer', { timeoutMs: 10_000, signal });
    await guest.killAgent();
    await guest.ended;
    // What it left is gone with the guest, so only the call itself can be looked at.
    expect(await pulling).not.toMatchObject({ status: 'ok' });
    expect(guest.calls.at(-1)).toMatchObject({ method: 'grpc.Image/PullImage', status: 'unavailable' });
  });

  test('in the middle of an exec ends whoever waits for it with UNAVAILABLE', async ({ launch, startRunning }) => {
    const guest = await launch();
    const container = await startRunning(guest);
    const execId = await container.exec(['sleep', '3600']);
    const waiting = expect(container.wait(execId)).rejects.toMatchObject({ code: 'unavailable' });
    await guest.killAgent();
    await waiting;
    await guest.ended;
  });

  test('in the middle of a container’s life takes its processes along', async ({
    launch,
    startRunning,
    hostProcesses,
  }) => {
    const guest = await launch();
    const container = await startRunning(guest);
    const marker = `36${process.pid}`;
    await container.exec(['sleep', marker]);
    expect(await hostProcesses(`sleep ${marker}`)).toHaveLength(1);
    await guest.killAgent();
    await guest.ended;
    expect(await hostProcesses(`sleep ${marker}`)).toEqual([]);
    await expect(guest.agent.check({})).rejects.toMatchObject({ code: 'unavailable' });
  });
});

describe('an agent that is stopped', { tags: ['agent-rpc', 'fault-injection'] }, () => {
  test('keeps no caller beyond its deadline, and answers again when it goes on', async ({ launch }) => {
    const guest = await launch();
    await guest.run(['pkill', '-STOP', '-f', AGENT]);
    const begun = performance.now();
    const late = guest.agent.check({}, { timeoutMs: 300 });
    await expect(late).rejects.toMatchObject({ code: 'deadline_exceeded' });
    expect(performance.now() - begun).toBeLessThan(2_000);
    const waiting = guest.agent.check({}, { timeoutMs: 20_000 });
    await guest.run(['pkill', '-CONT', '-f', AGENT]);
    expect(await waiting).toEqual({ status: 'SERVING' });
  });
});

describe('a guest whose disk is full', { tags: ['guest-pull-skopeo', 'guest-console', 'fault-injection'] }, () => {
  const full = (path: string): string[] => ['mount', '-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', path];

  test('refuses a pull it has no room to fetch, and takes it when there is room again', async ({ launch, pull }) => {
    const guest = await launch();
    await guest.run(full('/tmp'));
    const refusal = await pull(guest, 'busybox');
    expect(refusal).toMatchObject({
      status: 'internal',
      answer: PULL_FAILED,
      cause: expect.stringContaining('no space left on device'),
      bundle: undefined,
      leftover: false,
    });
    await guest.run(['umount', '/tmp']);
    const { containerId } = refusal;
    expect(await pull(guest, 'busybox', { containerId })).toMatchObject({ status: 'ok', leftover: false });
  });

  test('refuses a pull it has no room to unpack, and says so', async ({ launch, pull }) => {
    const guest = await launch();
    const since = await guest.console.cursor();
    await guest.run(full(CONTAINER_BASE));
    const refusal = await pull(guest, 'busybox');
    // umoci exits with 1, or with 2 when it panics over what it cannot write.
    const answer = expect.stringMatching(/^failed to unpack image: ExitStatus\(unix_wait_status\((256|512)\)\)$/);
    expect(refusal).toMatchObject({ status: 'internal', answer });
    await guest.console.waitFor(/no space left on device/, since, { timeoutMs: 5_000 });
    await guest.run(['umount', CONTAINER_BASE]);
    expect(await listDirectory(guest, `${CONTAINER_BASE}/${refusal.containerId}`)).toBeUndefined();
    expect(await pull(guest, 'busybox')).toMatchObject({ status: 'ok', leftover: false });
  });
});
