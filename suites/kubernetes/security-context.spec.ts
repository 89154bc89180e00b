import { test as base, describe, expect, hasFailed, waitsBecause } from '../../fixtures/test.ts';

const USER = { runAsUser: 1_000, runAsGroup: 3_000, fsGroup: 2_000, supplementalGroups: [4_000] };
const RANGE = '20000\t20999';

const test = base.extend('securePod', { scope: 'file' }, async ({ createFilePod }) => {
  const volumeMounts = [{ name: 'data', mountPath: '/data' }];
  const pod = await createFilePod('secure', {
    spec: {
      securityContext: {
        ...USER,
        seccompProfile: { type: 'RuntimeDefault' },
        sysctls: [{ name: 'net.ipv4.ip_local_port_range', value: RANGE }],
      },
      volumes: [{ name: 'data', emptyDir: {} }],
      shareProcessNamespace: true,
    },
    container: {
      volumeMounts,
      securityContext: {
        allowPrivilegeEscalation: false,
        capabilities: { drop: ['ALL'] },
        readOnlyRootFilesystem: true,
      },
    },
    others: [
      {
        name: 'root',
        command: ['sleep', '86400'],
        volumeMounts,
        securityContext: { runAsUser: 0, runAsGroup: 0, capabilities: { drop: ['ALL'], add: ['NET_ADMIN'] } },
      },
    ],
  });
  await pod.ready();
  return pod;
});

/** Bit of CAP_NET_ADMIN. Source: capabilities(7). */
const NET_ADMIN = '0000000000001000';

describe('security context of a pod of the runtime class kata', { tags: ['kubernetes'] }, () => {
  test('a container runs as the user, the group and the supplementary groups of the security context', async ({
    securePod,
  }) => {
    expect((await securePod.exec(['id'])).stdout).toBe('uid=1000 gid=3000 groups=2000,3000,4000\n');
  });

  test('the security context of a container overrides the user of its pod', async ({ securePod }) => {
    const { stdout } = await securePod.exec(['id'], { container: 'root' });
    expect(stdout).toMatch(/^uid=0\(root\) gid=0\(root\) groups=/);
  });

  test('an emptyDir has the group of fsGroup, which the files in it inherit', async ({ newId, securePod }) => {
    const file = `/data/${newId()}`;
    const { stdout } = await securePod.exec(['sh', '-c', `echo >${file}; busybox stat -c %g:%u /data ${file}`]);
    expect(stdout).toBe('2000:0\n2000:1000\n');
  });

  test('a container without capabilities has none, and one that adds NET_ADMIN has only that', async ({
    securePod,
  }) => {
    const effective = async (container: string): Promise<string | undefined> => {
      const { stdout } = await securePod.exec(['cat', '/proc/self/status'], { container });
      return /^CapEff:\t(\S+)$/m.exec(stdout)?.[1];
    };
    expect(await effective('main')).toBe('0000000000000000');
    expect(await effective('root')).toBe(NET_ADMIN);
  });

  test('a process of a container with allowPrivilegeEscalation: false has no_new_privs, one of another container has not', async ({
    securePod,
  }) => {
    const flag = async (container: string): Promise<string | undefined> => {
      const { stdout } = await securePod.exec(['cat', '/proc/self/status'], { container });
      return /^NoNewPrivs:\t(\d)$/m.exec(stdout)?.[1];
    };
    expect([await flag('main'), await flag('root')]).toEqual(['1', '0']);
  });

  test('a container with a read-only root file system can write to its volumes only', async ({ securePod }) => {
    const { stderr } = await securePod.exec(['sh', '-c', 'echo >/tmp/x'], { okCodes: [1] });
    expect(stderr).toContain("can't create /tmp/x: Read-only file system");
    await securePod.exec(['sh', '-c', 'echo >/data/written']);
    await securePod.exec(['sh', '-c', 'echo >/tmp/x'], { container: 'root' });
  });

  test('a sysctl of a pod is set in its guest and not on the node', async ({ nodeFile, securePod }) => {
    const file = '/proc/sys/net/ipv4/ip_local_port_range';
    expect((await securePod.exec(['cat', file])).stdout).toBe(`${RANGE}\n`);
    expect(await nodeFile(file)).not.toBe(`${RANGE}\n`);
  });

  test('the containers of a pod with shareProcessNamespace see each other’s processes', async ({ securePod }) => {
    const { stdout } = await securePod.exec(['ps', '-o', 'user,args'], { container: 'root' });
    expect(stdout.match(/sleep 86400$/gm)).toHaveLength(2);
  });

  // Kata's configuration has disable_guest_seccomp = true, so its runtime leaves the profile out of the request to the agent.
  test('a process of a pod with the seccomp profile RuntimeDefault has no filter in the guest by default', async ({
    securePod,
  }) => {
    const { stdout } = await securePod.exec(['cat', '/proc/1/status']);
    expect(stdout).toMatch(/^Seccomp:\t0$/m);
  });
});

describe('unsafe security context of a pod of the runtime class kata', { tags: ['kubernetes'] }, () => {
  test('a pod with a sysctl that the node does not allow fails with SysctlForbidden', async ({ createPod }) => {
    const pod = await createPod({
      spec: { securityContext: { sysctls: [{ name: 'kernel.msgmax', value: '65536' }] } },
    });
    expect((await pod.until('failed', hasFailed)).status).toMatchObject({ reason: 'SysctlForbidden' });
  });

  test('a container that must not run as root waits in CreateContainerConfigError if its image runs as root', async ({
    createPod,
  }) => {
    const pod = await createPod({ container: { securityContext: { runAsNonRoot: true } } });
    expect(await pod.until('waiting', waitsBecause(/^CreateContainerConfigError/))).toMatch(/image will run as root/);
  });
});
