import { containerExitOfSignal, describe, expect, KATA_HANDLER, test } from '../../fixtures/test.ts';

describe('the container runtime interface', { tags: ['cri'] }, () => {
  test('is containerd’s, version 1', async ({ cri }) => {
    expect(await cri.version({})).toMatchObject({ runtimeName: 'containerd', runtimeApiVersion: 'v1' });
  });

  test('says that the runtime is ready', async ({ cri }) => {
    const { status } = await cri.status({});
    expect(status?.conditions).toContainEqual(expect.objectContaining({ type: 'RuntimeReady', status: true }));
  });

  test('refuses a handler nobody has configured', async ({ startPod }) => {
    await expect(startPod({ handler: 'nosuch' })).rejects.toMatchObject({
      details: expect.stringContaining('no runtime for "nosuch" is configured'),
    });
  });
});

describe('a pod with the handler kata', { tags: ['cri'] }, () => {
  test('is ready, and says by which handler', async ({ startPod }) => {
    const pod = await startPod();
    const { status } = await pod.cri.podSandboxStatus({ podSandboxId: pod.sandboxId });
    expect(status).toMatchObject({ state: 'SANDBOX_READY', runtimeHandler: KATA_HANDLER });
  });

  test('runs a container, in which commands are executed', async ({ startPod }) => {
    const pod = await startPod();
    const containerId = await pod.run('sleeper', ['sleep', '3600']);
    const { status } = await pod.cri.containerStatus({ containerId });
    expect(status).toMatchObject({ state: 'CONTAINER_RUNNING' });
    const { exitCode, stderr, stdout } = await pod.cri.execSync({
      containerId,
      cmd: ['sh', '-c', 'echo out; echo err >&2; exit 3'],
    });
    expect([exitCode, stdout.toString(), stderr.toString()]).toEqual([3, 'out\n', 'err\n']);
  });

  test('keeps what a container prints, each stream by name', async ({ startPod, target }) => {
    const pod = await startPod();
    await pod.run('speaker', ['sh', '-c', 'echo out; echo err >&2; exec sleep 3600']);
    const log = expect.poll(() => pod.log('speaker'), { timeout: 5_000 * target.slow });
    await log.toMatch(/^\S+ stdout F out$/m);
    await log.toMatch(/^\S+ stderr F err$/m);
  });

  test('tells how a container has ended', async ({ startPod, target }) => {
    const pod = await startPod();
    const containerId = await pod.run('sleeper', ['sleep', '3600']);
    await pod.cri.stopContainer({ containerId, timeout: 0 });
    const { status } = await pod.cri.containerStatus({ containerId });
    expect(status).toMatchObject({ state: 'CONTAINER_EXITED', exitCode: containerExitOfSignal(target, 9) });
  });

  test('is gone when it is stopped and removed', async ({ cri, startPod }) => {
    const pod = await startPod();
    await pod.cri.stopPodSandbox({ podSandboxId: pod.sandboxId });
    const stopped = await cri.podSandboxStatus({ podSandboxId: pod.sandboxId });
    expect(stopped.status).toMatchObject({ state: 'SANDBOX_NOTREADY' });
    await pod.cri.removePodSandbox({ podSandboxId: pod.sandboxId });
    const { items } = await cri.listPodSandbox({});
    expect(items.map(({ id }) => id)).not.toContain(pod.sandboxId);
  });

  test('beside another one: each has its own sandbox', async ({ startPod }) => {
    const [one, two] = await Promise.all([startPod(), startPod()]);
    expect(one.sandboxId).not.toBe(two.sandboxId);
    const ids = await Promise.all([one.run('only', ['sleep', '3600']), two.run('only', ['sleep', '3600'])]);
    expect(new Set(ids).size).toBe(2);
  });
});

describe('pulling through the container runtime interface', { tags: ['cri', 'password-registry'] }, () => {
  test('needs the password where the registry does', async ({ cri, credentials, privateImage }) => {
    const [username = '', password = ''] = credentials.split(':');
    const image = { image: privateImage };
    await expect(cri.pullImage({ image })).rejects.toMatchObject({
      details: expect.stringMatching(/401 Unauthorized|no basic auth credentials|authorization failed/),
    });
    await expect(cri.pullImage({ image, auth: { username, password: 'wrong' } })).rejects.toMatchObject({
      details: expect.stringMatching(/401 Unauthorized|authorization failed/),
    });
    const { imageRef } = await cri.pullImage({ image, auth: { username, password } });
    expect((await cri.imageStatus({ image })).image?.id).toBe(imageRef);
    await cri.removeImage({ image });
    expect((await cri.imageStatus({ image })).image).toBeNull();
  });
});
