import {
  test as base,
  CONTAINER,
  containerWhere,
  describe,
  expect,
  hasEnded,
  hasFailed,
  isRunning,
} from '../../fixtures/test.ts';

// Probes run in the guest, which takes seconds under software emulation.
const OFTEN = { periodSeconds: 3, timeoutSeconds: 60, failureThreshold: 1 };
const readable = (path: string): object => ({ exec: { command: ['cat', path] }, ...OFTEN });

const test = base.extend('probedPod', { scope: 'file' }, async ({ createFilePod }) => {
  const pod = await createFilePod('probed', {
    command: ['sh', '-c', 'trap "exit 1" TERM; echo yes >/tmp/alive; while :; do sleep 1; done'],
    restart: 'Always',
    container: {
      startupProbe: { ...readable('/tmp/started'), failureThreshold: 1_000 },
      readinessProbe: readable('/tmp/ready'),
      livenessProbe: readable('/tmp/alive'),
      lifecycle: { postStart: { exec: { command: ['sh', '-c', 'echo hooked >/tmp/hook'] } } },
    },
  });
  await pod.until('running', isRunning);
  return pod;
});

describe('probes of a pod of the runtime class kata', { tags: ['kubernetes'] }, () => {
  test('a container is not started until its startup probe succeeds in the guest', async ({
    eventsOf,
    probedPod,
    within,
  }) => {
    const events = expect.poll(() => eventsOf(probedPod), { timeout: within('pod').timeoutMs, interval: 1_000 });
    await events.toContainEqual(
      expect.stringMatching(/^Unhealthy: Startup probe failed: cat: can't open '\/tmp\/started'/),
    );
    const [container] = (await probedPod.look()).status?.containerStatuses ?? [];
    expect(container).toMatchObject({ started: false, ready: false, state: { running: expect.anything() } });
    await probedPod.exec(['sh', '-c', 'echo yes >/tmp/started']);
    await probedPod.until(
      'started',
      containerWhere(CONTAINER, ({ started }) => started === true),
    );
  });

  test('a pod becomes ready once its readiness probe succeeds in the guest', async ({
    eventsOf,
    probedPod,
    within,
  }) => {
    await probedPod.exec(['sh', '-c', 'echo yes >/tmp/started']);
    await probedPod.until(
      'started',
      containerWhere(CONTAINER, ({ started }) => started === true),
    );
    const events = expect.poll(() => eventsOf(probedPod), { timeout: within('pod').timeoutMs, interval: 1_000 });
    await events.toContainEqual(
      expect.stringMatching(/^Unhealthy: Readiness probe failed: cat: can't open '\/tmp\/ready'/),
    );
    expect((await probedPod.look()).status?.conditions).toContainEqual(
      expect.objectContaining({ type: 'Ready', status: 'False', reason: 'ContainersNotReady' }),
    );
    await probedPod.exec(['sh', '-c', 'echo yes >/tmp/ready']);
    await probedPod.ready();
  });

  test('the postStart hook of a container runs in the guest', async ({ probedPod }) => {
    expect((await probedPod.exec(['cat', '/tmp/hook'])).stdout).toBe('hooked\n');
  });

  test('a container is restarted when its liveness probe fails in the guest', async ({ eventsOf, probedPod }) => {
    const [before] = (await probedPod.look()).status?.containerStatuses ?? [];
    await probedPod.exec(['sh', '-c', 'echo yes >/tmp/started; busybox rm /tmp/alive']);
    const restarted = containerWhere(CONTAINER, ({ restartCount }) => restartCount > (before?.restartCount ?? 0));
    await probedPod.until('restarted', restarted);
    const events = await eventsOf(probedPod);
    expect(events).toContainEqual(
      expect.stringMatching(/^Unhealthy: Liveness probe failed: cat: can't open '\/tmp\/alive'/),
    );
    expect(events).toContainEqual(`Killing: Container ${CONTAINER} failed liveness probe, will be restarted`);
  });
});

describe('end of a pod of the runtime class kata', { tags: ['kubernetes'] }, () => {
  test('a pod whose init container fails reaches the phase Failed, and its container never starts', async ({
    createPod,
  }) => {
    const pod = await createPod({ first: [{ name: 'first', command: ['sh', '-c', 'exit 3'] }] });
    const { status } = await pod.until('failed', hasFailed);
    expect(status?.initContainerStatuses?.[0]?.state?.terminated).toMatchObject({ exitCode: 3, reason: 'Error' });
    expect(status?.containerStatuses?.[0]?.state).toEqual({ waiting: { reason: 'PodInitializing' } });
  });

  test('a container that exceeds its memory limit in the guest ends with the reason OOMKilled', async ({
    createPod,
  }) => {
    const pod = await createPod({
      // tail keeps all of a file that has no line end.
      command: ['tail', '/dev/zero'],
      container: { resources: { limits: { memory: '32Mi' } } },
    });
    const { exitCode, reason } = await pod.until('ended', hasEnded);
    expect(exitCode).toBe(137);
    expect(reason).toBe('OOMKilled');
  });

  test('the message that a container writes to its termination log is in the status of the pod', async ({
    createPod,
  }) => {
    const pod = await createPod({ command: ['sh', '-c', 'echo because >/dev/termination-log; exit 4'] });
    expect(await pod.until('ended', hasEnded)).toMatchObject({ exitCode: 4, message: 'because\n' });
  });

  test('a pod that exceeds activeDeadlineSeconds fails with DeadlineExceeded', async ({ createPod }) => {
    const pod = await createPod({ spec: { activeDeadlineSeconds: 1 } });
    const { status } = await pod.until('failed', hasFailed);
    expect(status).toMatchObject({ reason: 'DeadlineExceeded' });
  });
});
