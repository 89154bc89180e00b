import { containerExitOfSignal, describe, expect, KATA_HANDLER, test } from '../../fixtures/test.ts';

describe('container runtime interface', { tags: ['cri'] }, () => {
  test('CRI Version returns containerd with API version v1', async ({ cri }) => {
    expect(await cri.version({})).toMatchObject({ runtimeName: 'containerd', runtimeApiVersion: 'v1' });
  });

  test('CRI Status reports RuntimeReady', async ({ cri }) => {
    const { status } = await cri.status({});
    expect(status?.conditions).toContainEqual(expect.objectContaining({ type: 'RuntimeReady', status: true }));
  });

  test('RunPodSandbox with an unknown runtime handler is rejected with an error that names it', async ({
    startPod,
  }) => {
    await expect(startPod({ handler: 'nosuch' })).rejects.toMatchObject({
      details: expect.stringContaining('no runtime for "nosuch" is configured'),
    });
  });
});

describe('pod with the runtime handler kata', { tags: ['cri'] }, () => {
  test('PodSandboxStatus of a pod with the handler kata reports SANDBOX_READY and that handler', async ({
    startPod,
  }) => {
    const pod = await startPod();
    const { status } = await pod.cri.podSandboxStatus({ podSandboxId: pod.sandboxId });
    expect(status).toMatchObject({ state: 'SANDBOX_READY', runtimeHandler: KATA_HANDLER });
  });

  test('ExecSync in a running container of a pod with the handler kata returns stdout, stderr and the exit code', async ({
    startPod,
  }) => {
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

  test('the log of a container in a pod with the handler kata has its stdout and stderr, marked by stream', async ({
    startPod,
    within,
  }) => {
    const pod = await startPod();
    await pod.run('speaker', ['sh', '-c', 'echo out; echo err >&2; exec sleep 3600']);
    const log = expect.poll(() => pod.log('speaker'), { timeout: within('process').timeoutMs });
    await log.toMatch(/^\S+ stdout F out$/m);
    await log.toMatch(/^\S+ stderr F err$/m);
  });

  test('a container in a pod with the handler kata gets its environment variables and the files of a volume of a secret', async ({
    secretVolume,
    startPod,
    within,
  }) => {
    const pod = await startPod();
    const volumes = { '/volume': await secretVolume({ one: 'text of one\n', other: 'text of the other\n' }) };
    const script =
      'echo "[$NAME]"; cat /volume/one /volume/other; echo . >/volume/new || echo read-only; exec sleep 3600';
    await pod.run('reader', ['sh', '-c', script], undefined, { env: { NAME: 'a=b' }, volumes });
    const lines = async (): Promise<string[]> => (await pod.log('reader')).match(/(?<= stdout F ).*/g) ?? [];
    const expected = ['[a=b]', 'text of one', 'text of the other', 'read-only'];
    await expect.poll(lines, { timeout: within('process').timeoutMs }).toEqual(expected);
  });

  test('ContainerStatus of a stopped container in a pod with the handler kata reports the exit code of SIGKILL', async ({
    startPod,
    target,
  }) => {
    const pod = await startPod();
    const containerId = await pod.run('sleeper', ['sleep', '3600']);
    await pod.cri.stopContainer({ containerId, timeout: 0 });
    const { status } = await pod.cri.containerStatus({ containerId });
    expect(status).toMatchObject({ state: 'CONTAINER_EXITED', exitCode: containerExitOfSignal(target, 9) });
  });

  test('a pod with the handler kata is NOTREADY after StopPodSandbox and not listed after RemovePodSandbox', async ({
    cri,
    startPod,
  }) => {
    const pod = await startPod();
    await pod.cri.stopPodSandbox({ podSandboxId: pod.sandboxId });
    const stopped = await cri.podSandboxStatus({ podSandboxId: pod.sandboxId });
    expect(stopped.status).toMatchObject({ state: 'SANDBOX_NOTREADY' });
    await pod.cri.removePodSandbox({ podSandboxId: pod.sandboxId });
    const { items } = await cri.listPodSandbox({});
    expect(items.map(({ id }) => id)).not.toContain(pod.sandboxId);
  });

  test('two pods with the handler kata have different sandboxes and containers', async ({ startPod }) => {
    const [one, two] = await Promise.all([startPod(), startPod()]);
    expect(one.sandboxId).not.toBe(two.sandboxId);
    const ids = await Promise.all([one.run('only', ['sleep', '3600']), two.run('only', ['sleep', '3600'])]);
    expect(new Set(ids).size).toBe(2);
  });
});

describe('PullImage of CRI from a password-protected registry', { tags: ['cri', 'password-registry'] }, () => {
  test('CRI PullImage from a password-protected registry fails without or with a wrong password and succeeds with the right one', async ({
    cri,
    credentials,
    privateImage,
  }) => {
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
