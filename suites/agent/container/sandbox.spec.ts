import {
  describe,
  expect,
  type Guest,
  type RunningContainer,
  readAll,
  readUntil,
  test,
} from '../../../fixtures/test.ts';

// What the containers of a sandbox share, and signals to all processes of one of them.

const SIGKILL = 9;
const LISTS_PROCESSES = ['ps', '-o', 'args'];
/** Annotation by which the agent finds a container by name. Source: src/libs/kata-types/src/annotations/mod.rs. */
const NAME = 'io.kubernetes.cri.container-name';

describe('PID namespace of a sandbox', { tags: ['containers', 'guest-exit'] }, () => {
  const outputOf = (guest: Guest, { containerId }: RunningContainer): Promise<string> =>
    readAll(guest, 'stdout', containerId, containerId);
  const listing = (sandboxPidns: boolean) => ({ args: LISTS_PROCESSES, request: { sandboxPidns } });

  test('a container created with sandbox_pidns sees the processes of the first container, and another does not', {
    tags: ['no-sandbox'],
  }, async ({ launch, startRunning }) => {
    const guest = await launch();
    await startRunning(guest, { args: ['sleep', '3601'] });
    expect(await outputOf(guest, await startRunning(guest, listing(true)))).toContain('sleep 3601');
    expect(await outputOf(guest, await startRunning(guest, listing(false)))).not.toContain('sleep 3601');
  });

  test('containers created with sandbox_pidns see each other’s processes, and another does not', async ({
    launch,
    startRunning,
  }) => {
    const guest = await launch();
    await startRunning(guest, { args: ['sleep', '3601'], request: { sandboxPidns: true } });
    expect(await outputOf(guest, await startRunning(guest, listing(true)))).toContain('sleep 3601');
    expect(await outputOf(guest, await startRunning(guest, listing(false)))).not.toContain('sleep 3601');
  });

  // In a PID namespace of its own, the end of a container's first process would end its other processes, too.
  test('SignalProcess with SIGKILL and an empty exec id ends all processes of a container, and of no other', {
    tags: ['signals-to-all'],
  }, async ({ launch, startRunning, expectedErrors }) => {
    const guest = await launch();
    const first = await startRunning(guest);
    const container = await startRunning(guest, { request: { sandboxPidns: true } });
    const execId = await container.exec(['sleep', '3600']);
    await guest.agent.signalProcess({ containerId: container.containerId, execId: '', signal: SIGKILL });
    expect(await container.wait(execId)).toBe(expectedErrors.exitOfSignal(SIGKILL));
    expect(await first.wait(await first.exec(['true']))).toBe(0);
  });
});

describe('signals to processes', { tags: ['containers'] }, () => {
  test('SignalProcess with an exec id signals that process alone', async ({ running, guest, expectedErrors }) => {
    const { containerId } = running;
    const [ended, other] = [await running.exec(['sleep', '100']), await running.exec(['sh', '-c', 'read x; echo $x'])];
    await guest.agent.signalProcess({ containerId, execId: ended, signal: SIGKILL });
    expect(await running.wait(ended)).toBe(expectedErrors.exitOfSignal(SIGKILL));
    await guest.agent.writeStdin({ containerId, execId: other, data: Buffer.from('alive\n') });
    expect(await readUntil(guest, 'alive', containerId, other)).toBe('alive\n');
  });

  test('SignalProcess with signal 0 succeeds and leaves the process running', { tags: ['signals-to-all'] }, async ({
    running,
    guest,
  }) => {
    const { containerId } = running;
    await guest.agent.signalProcess({ containerId, execId: containerId, signal: 0 });
    expect(await running.wait(await running.exec(['true']))).toBe(0);
  });

  test('SignalProcess of a process that has ended succeeds until WaitProcess returns its exit code', {
    tags: ['signals-to-ended'],
  }, async ({ running, guest, expectedErrors }) => {
    const { containerId } = running;
    const execId = await running.exec(['sh', '-c', 'exit 7']);
    expect(await readAll(guest, 'stdout', containerId, execId)).toBe('');
    await guest.agent.signalProcess({ containerId, execId, signal: SIGKILL });
    expect([7, expectedErrors.exitOfSignal(SIGKILL)]).toContain(await running.wait(execId));
    await expect(guest.agent.signalProcess({ containerId, execId, signal: SIGKILL })).rejects.toMatchObject(
      expectedErrors.noProcess.signal,
    );
  });

  test('SignalProcess of an unknown container is rejected', async ({ guest, newId }) => {
    const unknown = { containerId: newId(), execId: '', signal: SIGKILL };
    await expect(guest.agent.signalProcess(unknown)).rejects.toMatchObject({
      details: expect.stringMatching(/invalid ?container ?id/i),
    });
  });
});

describe('mounts that containers share', { tags: ['containers', 'shared-mounts'] }, () => {
  test('CreateContainer with shared_mounts mounts a mount of another container at the requested path', async ({
    guest,
    newId,
    startRunning,
  }) => {
    const name = newId();
    const source = await startRunning(guest, {
      args: ['sh', '-c', 'echo of the source >/shared/file; echo ready; sleep 3600'],
      mounts: [{ destination: '/shared', source: 'tmpfs', type: 'tmpfs', options: [] }],
      spec: { Annotations: { [NAME]: name } },
    });
    await readUntil(guest, 'ready', source.containerId, source.containerId);
    const { containerId } = await startRunning(guest, {
      args: ['cat', '/of-the-source/file'],
      request: { sharedMounts: [{ srcCtr: name, srcPath: '/shared', dstPath: '/of-the-source' }] },
    });
    expect(await readAll(guest, 'stdout', containerId, containerId)).toBe('of the source\n');
  });
});
