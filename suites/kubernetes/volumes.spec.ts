import { test as base, type ClusterPod, describe, expect } from '../../fixtures/test.ts';

const BYTES = Buffer.from([0, 1, 127, 128, 255]);

const test = base.extend('volumePod', { scope: 'file' }, async ({ createFilePod, namespace }) => {
  const { create } = await namespace();
  const settings = { greeting: 'hello', doomed: 'yes' };
  const binaryData = { bytes: BYTES.toString('base64') };
  await create({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings' }, data: settings, binaryData });
  const keys = { user: 'someone', password: 'first' };
  await create({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'keys' }, stringData: keys });
  const downward = { items: [{ path: 'labels', fieldRef: { fieldPath: 'metadata.labels' } }] };
  const shared = [{ name: 'shared', mountPath: '/shared' }];
  const append = (text: string, seconds: number): string[] => [
    'sh',
    '-c',
    `sleep ${seconds}; echo ${text} >>/shared/order`,
  ];
  const pod = await createFilePod('volumes', {
    labels: { colour: 'red' },
    // Started together, the second would be first.
    first: [
      { name: 'one', command: append('one', 2), volumeMounts: shared },
      { name: 'two', command: append('two', 0), volumeMounts: shared },
    ],
    command: ['sh', '-c', 'echo main >>/shared/order; exec sleep 86400'],
    others: [{ name: 'other', command: ['sleep', '86400'], volumeMounts: shared }],
    container: {
      env: [
        { name: 'GREETING', valueFrom: { configMapKeyRef: { name: 'settings', key: 'greeting' } } },
        { name: 'PASSWORD', valueFrom: { secretKeyRef: { name: 'keys', key: 'password' } } },
        { name: 'POD', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
      ],
      volumeMounts: [
        ...shared,
        { name: 'settings', mountPath: '/settings' },
        { name: 'fixed', mountPath: '/fixed' },
        { name: 'fixed', mountPath: '/etc/greeting', subPath: 'greeting' },
        { name: 'keys', mountPath: '/keys', readOnly: true },
        { name: 'together', mountPath: '/together' },
        { name: 'memory', mountPath: '/memory' },
      ],
    },
    spec: {
      volumes: [
        { name: 'shared', emptyDir: {} },
        { name: 'memory', emptyDir: { medium: 'Memory' } },
        { name: 'settings', configMap: { name: 'settings' } },
        { name: 'fixed', configMap: { name: 'settings' } },
        { name: 'keys', secret: { secretName: 'keys', defaultMode: 0o400 } },
        {
          name: 'together',
          projected: {
            sources: [
              { configMap: { name: 'settings', items: [{ key: 'greeting', path: 'settings/greeting' }] } },
              { secret: { name: 'keys', items: [{ key: 'user', path: 'user' }] } },
              { downwardAPI: downward },
              { serviceAccountToken: { path: 'token', audience: 'kata-cc', expirationSeconds: 3_600 } },
            ],
          },
        },
      ],
    },
  });
  await pod.ready();
  return pod;
});

describe('volumes of a pod of the runtime class kata', { tags: ['kubernetes'] }, () => {
  test('a container of a pod gets environment variables from a configmap, a secret and the downward API', async ({
    volumePod,
  }) => {
    const { stdout } = await volumePod.exec(['sh', '-c', 'echo "$GREETING $PASSWORD $POD"']);
    expect(stdout).toBe('hello first volumes\n');
  });

  test('a configmap volume of a pod has a file for each key, text and binary', async ({ volumePod }) => {
    expect((await volumePod.exec(['cat', '/settings/greeting'])).stdout).toBe('hello');
    const { stdout } = await volumePod.exec(['busybox', 'base64', '/settings/bytes']);
    expect(stdout).toBe(`${BYTES.toString('base64')}\n`);
  });

  test('a file of a configmap that a pod mounts by subPath has the value of its key', async ({ volumePod }) => {
    expect((await volumePod.exec(['cat', '/etc/greeting'])).stdout).toBe('hello');
  });

  test('a secret volume of a pod has files with the mode of defaultMode', async ({ volumePod }) => {
    expect((await volumePod.exec(['cat', '/keys/password'])).stdout).toBe('first');
    expect((await volumePod.exec(['busybox', 'stat', '-L', '-c', '%a %u', '/keys/password'])).stdout).toBe('400 0\n');
  });

  test('configmap and secret volumes of a pod are read-only', async ({ volumePod }) => {
    for (const directory of ['/settings', '/keys']) {
      const { stderr } = await volumePod.exec(['sh', '-c', `echo x >${directory}/new`], { okCodes: [1] });
      expect(stderr).toContain(`can't create ${directory}/new: Read-only file system`);
    }
  });

  test('a projected volume of a pod has files of a configmap, a secret and the downward API', async ({ volumePod }) => {
    const files = ['/together/settings/greeting', '/together/user', '/together/labels'];
    const { stdout } = await volumePod.exec(['cat', ...files]);
    expect(stdout).toBe('hellosomeonecolour="red"');
  });

  test('a projected volume of a pod has a service account token of the pod for the requested audience', async ({
    volumePod,
  }) => {
    const { stdout } = await volumePod.exec(['cat', '/together/token']);
    const claims = JSON.parse(Buffer.from(stdout.split('.')[1] ?? '', 'base64url').toString());
    expect(claims).toMatchObject({ aud: ['kata-cc'], 'kubernetes.io': { pod: { name: volumePod.name } } });
  });

  test('init containers run one after another before the container of a pod, and share an emptyDir with it', async ({
    volumePod,
  }) => {
    expect((await volumePod.exec(['cat', '/shared/order'])).stdout).toBe('one\ntwo\nmain\n');
    const { status } = await volumePod.look();
    expect(status?.initContainerStatuses?.map(({ state }) => state?.terminated?.reason)).toEqual([
      'Completed',
      'Completed',
    ]);
  });

  test('a file that one container of a pod writes to an emptyDir is read by another', async ({ newId, volumePod }) => {
    const text = newId();
    await volumePod.exec(['sh', '-c', `echo ${text} >/shared/text`]);
    expect((await volumePod.exec(['cat', '/shared/text'], { container: 'other' })).stdout).toBe(`${text}\n`);
  });

  test('an emptyDir of medium Memory is a writable tmpfs in the guest of a pod', async ({ volumePod }) => {
    const { stdout } = await volumePod.exec([
      'sh',
      '-c',
      'echo text >/memory/file; busybox grep " /memory " /proc/mounts',
    ]);
    expect(stdout).toMatch(/^\S+ \/memory tmpfs rw,/);
  });
});

describe('updates of volumes of a running pod', { tags: ['kubernetes'] }, () => {
  // The guest gets the files either by watches of its agent on the shared directory (watcher.rs), or, if it shares no file
  // system with the host, by CopyFile requests of Kata's runtime, which watches the kubelet's directory (fs_share_linux.go,
  // share_fs_volume.rs).
  const settle = { interval: 1_000 };

  /** Changes a label of the pod and waits until its projected volume has it. */
  const changeColour = async (pod: ClusterPod, colour: string, timeout: number): Promise<void> => {
    await pod.mark({ labels: { colour } });
    const read = async (): Promise<string> => (await pod.exec(['cat', '/together/labels'])).stdout;
    await expect.poll(read, { timeout, ...settle }).toBe(`colour="${colour}"`);
  };

  test('a change of a configmap reaches the file in a running pod, but not one that is mounted by subPath', async ({
    namespace,
    newId,
    volumePod,
    within,
  }) => {
    const greeting = newId();
    const { patch } = await namespace();
    await patch({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings' }, data: { greeting } });
    await volumePod.mark({ annotations: { 'kata-cc/synced': greeting } });
    const read = async (path: string): Promise<string> => (await volumePod.exec(['cat', path])).stdout;
    await expect.poll(() => read('/settings/greeting'), { timeout: within('pod').timeoutMs, ...settle }).toBe(greeting);
    expect(await read('/etc/greeting')).toBe('hello');
  });

  test('a new key of a configmap appears in a running pod, and a removed one can no longer be read', async ({
    namespace,
    newId,
    volumePod,
    within,
  }) => {
    const added = newId();
    const { patch } = await namespace();
    const data = { [added]: 'new', doomed: null };
    await patch({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings' }, data });
    await volumePod.mark({ annotations: { 'kata-cc/synced': added } });
    const codes = async (): Promise<number[]> => {
      const names = [added, 'doomed'];
      const reads = names.map((name) => volumePod.exec(['cat', `/settings/${name}`], { okCodes: [0, 1] }));
      return (await Promise.all(reads)).map(({ exitCode }) => exitCode);
    };
    await expect.poll(codes, { timeout: within('pod').timeoutMs, ...settle }).toEqual([0, 1]);
  });

  test('a change of a secret reaches the file in a running pod, but not the environment variable', async ({
    namespace,
    newId,
    volumePod,
    within,
  }) => {
    const password = newId();
    const { patch } = await namespace();
    await patch({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'keys' }, stringData: { password } });
    await volumePod.mark({ annotations: { 'kata-cc/synced': password } });
    const read = async (): Promise<string> => (await volumePod.exec(['cat', '/keys/password'])).stdout;
    await expect.poll(read, { timeout: within('pod').timeoutMs, ...settle }).toBe(password);
    expect((await volumePod.exec(['sh', '-c', 'echo "$PASSWORD"'])).stdout).toBe('first\n');
  });

  test('a change of the labels of a pod reaches its projected volume', async ({ newId, volumePod, within }) => {
    await changeColour(volumePod, newId(), within('pod').timeoutMs);
  });

  test('a projected volume of a pod still has the files of its subdirectories after a change', async ({
    newId,
    volumePod,
    within,
  }) => {
    await changeColour(volumePod, newId(), within('pod').timeoutMs);
    const { exitCode } = await volumePod.exec(['cat', '/together/settings/greeting'], { okCodes: [0, 1] });
    expect(exitCode).toBe(0);
  });

  test('a change of a configmap reaches a volume of which a container also mounts a file by subPath', async ({
    namespace,
    newId,
    volumePod,
    within,
  }) => {
    const greeting = newId();
    const { patch } = await namespace();
    await patch({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings' }, data: { greeting } });
    await volumePod.mark({ annotations: { 'kata-cc/synced': greeting } });
    const read = async (): Promise<string> => (await volumePod.exec(['cat', '/fixed/greeting'])).stdout;
    await expect.poll(read, { timeout: within('pod').timeoutMs, ...settle }).toBe(greeting);
  });
});
