import {
  CONTAINER,
  describe,
  expect,
  hasEnded,
  hasRestarted,
  test,
  WEB_PORT,
  waitsBecause,
} from '../../fixtures/test.ts';

describe('pod of the runtime class kata', { tags: ['kubernetes'] }, () => {
  test('a pod of the runtime class kata reaches Running and serves HTTP on its pod IP', async ({ webPod }) => {
    // The fixture waited for Ready, which means that the kubelet has read the page from outside.
    const { spec, status } = await webPod.look();
    expect(spec?.runtimeClassName).toBe('kata');
    expect(status).toMatchObject({ phase: 'Running', podIP: expect.stringMatching(/^[\d.]+$/) });
    const page = await webPod.exec(['busybox', 'wget', '-qO-', `http://${status?.podIP}:${WEB_PORT}/passwd`]);
    expect(page.stdout).toBe('root:x:0:0:root:/root:/bin/sh\n');
  });

  test('a pod of the runtime class kata has another kernel than the node', async ({ node, webPod }) => {
    const { kernelVersion } = await node();
    const { stdout } = await webPod.exec(['uname', '-r']);
    expect(stdout.trim()).toMatch(/^\d+\.\d+/);
    expect(stdout.trim()).not.toBe(kernelVersion);
  });

  test('a pod of the runtime class kata is a sandbox of the Kata shim with a QEMU of its own', async ({
    hostProcesses,
    sandboxOf,
    webPod,
  }) => {
    const sandboxId = await sandboxOf(webPod);
    const processes = await hostProcesses(sandboxId);
    expect(processes).toContainEqual(expect.stringMatching(/^\S*containerd-shim-kata-v2 .*-namespace k8s\.io /));
    expect(processes).toContainEqual(expect.stringMatching(/^\S*qemu-system-\S+ .*-name sandbox-/));
    // With runc, under whatever name, the processes of a container would be processes of the node.
    expect(await hostProcesses(`httpd -f -p ${WEB_PORT}`)).toEqual([]);
  });

  test('exec in a pod of the runtime class kata returns stdout, stderr and the exit code', async ({ webPod }) => {
    const done = await webPod.exec(['sh', '-c', 'echo out; echo err >&2; exit 3'], { okCodes: [3] });
    expect(done).toEqual({ exitCode: 3, stdout: 'out\n', stderr: 'err\n' });
    await expect(webPod.exec(['false'])).rejects.toMatchObject({ code: 'exec', exitCode: 1 });
  });

  test('exec in a pod of the runtime class kata passes input to the command', async ({ webPod }) => {
    const { stdout } = await webPod.exec(['sh', '-c', 'read line; echo "<$line>"'], { input: 'a line\n' });
    expect(stdout).toBe('<a line>\n');
  });

  test('exec in a pod of the runtime class kata returns 2 MB of output complete', async ({ webPod }) => {
    const { stdout } = await webPod.exec(['sh', '-c', 'yes 0123456789 | busybox head -c 2000000']);
    expect(stdout).toBe('0123456789\n'.repeat(200_000).slice(0, 2_000_000));
  });

  test('exec in a pod of the runtime class kata returns what the command writes after the end of its input', async ({
    webPod,
  }) => {
    const { stdout } = await webPod.exec(['sh', '-c', 'for n in 1 2 3; do sleep 2; echo $n; done'], {
      input: 'a line\n',
    });
    expect(stdout).toBe('1\n2\n3\n');
  });

  test('exec of a command that is not in the image fails with "the file nosuch was not found"', async ({ webPod }) => {
    // The pattern is more than the program's name: every error of exec quotes the command.
    await expect(webPod.exec(['nosuch'])).rejects.toThrow(/the file nosuch was not found/);
  });

  test('a pod of the runtime class kata has the events Scheduled, Pulled, Created and Started', async ({ webPod }) => {
    const reasons = (await webPod.events()).map(({ reason }) => reason);
    expect(reasons).toEqual(expect.arrayContaining(['Scheduled', 'Pulled', 'Created', 'Started']));
  });

  test('a wait for a pod condition that cannot occur or does not occur in time fails with the state of the pod', async ({
    webPod,
    within,
  }) => {
    const waiting = webPod.until('waiting for its image', waitsBecause(/Pull/), within('pod'));
    await expect(waiting).rejects.toMatchObject({
      code: 'never',
      message: expect.stringContaining('the pod is ready'),
    });
    const short = within('pod-expires');
    await expect(webPod.until('asleep', () => undefined, short)).rejects.toMatchObject({
      code: 'timeout',
      message: expect.stringMatching(
        new RegExp(
          `did not happen within ${short.timeoutMs} ms\nphase Running[^]*\ncondition Ready True[^]*\ncontainer ${CONTAINER} running[^]*\nevent .* Started: `,
        ),
      ),
    });
  });
});

describe('container of a pod', { tags: ['kubernetes'] }, () => {
  test('a container that fails leaves its exit code in the pod status and both of its output streams in the log', async ({
    createPod,
  }) => {
    const pod = await createPod({ command: ['sh', '-c', 'echo out; echo err >&2; exit 3'] });
    expect(await pod.until('ended', hasEnded)).toMatchObject({ exitCode: 3, reason: 'Error' });
    expect((await pod.logs()).split('\n').sort()).toEqual(['', 'err', 'out']);
  });

  test('a pod whose container exits with 0 reaches the phase Succeeded', async ({ createPod }) => {
    const pod = await createPod({ command: ['true'] });
    expect(await pod.until('ended', hasEnded)).toMatchObject({ exitCode: 0, reason: 'Completed' });
    expect((await pod.look()).status?.phase).toBe('Succeeded');
  });

  test('a container that exits is restarted in the same sandbox, and its previous log is kept', async ({
    createPod,
    sandboxOf,
  }) => {
    const pod = await createPod({
      // The first process of a container receives only signals that it has a handler for.
      command: ['sh', '-c', 'trap "exit 1" TERM; echo begun; while :; do sleep 1; done'],
      restart: 'Always',
    });
    await pod.ready();
    const sandboxId = await sandboxOf(pod);
    await pod.exec(['sh', '-c', 'kill -TERM 1']);
    const again = await pod.until('running again', hasRestarted(1));
    expect(again.status?.containerStatuses?.[0]?.restartCount).toBe(1);
    expect(await sandboxOf(pod)).toBe(sandboxId);
    expect(await pod.logs({ previous: true })).toContain('begun');
  });
});

describe('two pods', { tags: ['kubernetes'] }, () => {
  test('two pods created at once have separate sandboxes and VMs', async ({ createPod, sandboxOf }) => {
    const [one, two] = await Promise.all([createPod(), createPod()]);
    await Promise.all([one.ready(), two.ready()]);
    expect(await sandboxOf(one)).not.toBe(await sandboxOf(two));
    const boots = await Promise.all([one, two].map((pod) => pod.exec(['cat', '/proc/sys/kernel/random/boot_id'])));
    expect(new Set(boots.map(({ stdout }) => stdout)).size).toBe(2);
  });
});

describe('pod that cannot run', { tags: ['kubernetes'] }, () => {
  test('a pod with an unknown runtime class is rejected with an error that names it', async ({ createPod }) => {
    await expect(createPod({ runtimeClass: 'nosuch' })).rejects.toMatchObject({
      status: 403,
      message: expect.stringMatching(/RuntimeClass.*"?nosuch"? not found/),
    });
  });

  test('a pod with an image that does not exist waits in ErrImagePull with "not found"', async ({
    createPod,
    nodeImage,
  }) => {
    const pod = await createPod({ image: `${nodeImage('busybox')}-nosuch` });
    expect(await pod.until('waiting for its image', waitsBecause(/^ErrImagePull/))).toMatch(/not found/);
  });
});

describe('pod with an image from a password-protected registry', {
  tags: ['kubernetes', 'host-pull', 'password-registry'],
}, () => {
  test('a pod with an image from a password-protected registry starts with the pull secret and not without it', async ({
    createPod,
    nodeImage,
    pullSecret,
  }) => {
    const image = nodeImage('private');
    const without = await createPod({ image });
    expect(await without.until('waiting for its image', waitsBecause(/^ErrImagePull/))).toMatch(
      /401 Unauthorized|no basic auth credentials|authorization failed/,
    );
    await (await createPod({ image, pullSecrets: [await pullSecret()] })).ready();
  });
});
