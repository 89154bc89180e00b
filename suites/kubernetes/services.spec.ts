import { test as base, describe, expect, WEB_PORT, webServer } from '../../fixtures/test.ts';

const test = base
  .extend('server', { scope: 'file' }, async ({ createFilePod, namespace }) => {
    const { create } = await namespace();
    const service = (name: string, selector: object, targetPort: number | string): Promise<void> =>
      create({
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name },
        spec: { selector, ports: [{ port: 80, targetPort }] },
      });
    await service('web', { app: 'web' }, WEB_PORT);
    await service('by-name', { app: 'web' }, 'http');
    await service('no-pods', { app: 'nosuch' }, WEB_PORT);
    const pod = await createFilePod('server', {
      labels: { app: 'web' },
      command: webServer('/etc'),
      readyPath: '/passwd',
      container: { ports: [{ name: 'http', containerPort: WEB_PORT }] },
      spec: { hostAliases: [{ ip: '192.0.2.99', hostnames: ['elsewhere.example'] }] },
    });
    await pod.ready();
    return pod;
  })
  .extend('client', { scope: 'file' }, async ({ createFilePod }) => {
    const pod = await createFilePod('client', {
      spec: { dnsPolicy: 'None', dnsConfig: { nameservers: ['192.0.2.53'], searches: ['example.test'] } },
      others: [{ name: 'beside', command: webServer('/etc') }],
    });
    await pod.ready();
    return pod;
  });

const PAGE = 'root:x:0:0:root:/root:/bin/sh\n';

describe('network of pods of the runtime class kata', { tags: ['kubernetes'] }, () => {
  test('a pod reaches a server in another pod by its pod IP', async ({ client, fetchFrom, server }) => {
    const { status } = await server.look();
    expect(await fetchFrom(client, `http://${status?.podIP}:${WEB_PORT}/passwd`)).toBe(PAGE);
  });

  test('the guest of a pod has the pod IP that Kubernetes reports on its interface', async ({ client }) => {
    const { status } = await client.look();
    const { stdout } = await client.exec(['busybox', 'ip', '-4', '-o', 'address', 'show', 'dev', 'eth0']);
    expect(stdout).toContain(` ${status?.podIP}/`);
  });

  test('the containers of a pod share a loopback interface', async ({ client, fetchFrom }) => {
    expect(await fetchFrom(client, `http://127.0.0.1:${WEB_PORT}/passwd`)).toBe(PAGE);
  });

  test('the host name in the guest of a pod is the name of the pod', async ({ client }) => {
    expect((await client.exec(['busybox', 'hostname'])).stdout).toBe('client\n');
  });

  test('/etc/hosts of a container has the pod IP, the name of the pod, and its hostAliases', async ({ server }) => {
    const { status } = await server.look();
    const { stdout } = await server.exec(['cat', '/etc/hosts']);
    expect(stdout).toMatch(new RegExp(`^${status?.podIP}\\tserver$`, 'm'));
    expect(stdout).toMatch(/^192\.0\.2\.99\telsewhere\.example$/m);
  });

  test('/etc/resolv.conf of a container has the name servers of dnsConfig', async ({ client }) => {
    const { stdout } = await client.exec(['cat', '/etc/resolv.conf']);
    expect(stdout).toBe('search example.test\nnameserver 192.0.2.53\n');
  });
});

describe('service of pods of the runtime class kata', { tags: ['kubernetes', 'cluster-services'] }, () => {
  test('a pod reaches a server in another pod by the cluster IP of a service', async ({
    client,
    clusterIp,
    fetchFrom,
    server,
  }) => {
    await server.ready();
    expect(await fetchFrom(client, `http://${await clusterIp('web')}/passwd`)).toBe(PAGE);
  });

  test('a service with a named target port leads to the port of that name of a pod', async ({
    client,
    clusterIp,
    fetchFrom,
    server,
  }) => {
    await server.ready();
    expect(await fetchFrom(client, `http://${await clusterIp('by-name')}/passwd`)).toBe(PAGE);
  });

  test('a service without pods rejects the connections of a pod', async ({ client, clusterIp, fetchFrom, server }) => {
    await server.ready();
    // A node without a default route rejects it before the rules of kube-proxy do.
    await expect(fetchFrom(client, `http://${await clusterIp('no-pods')}/passwd`)).rejects.toThrow(
      /Connection refused|Network is unreachable/,
    );
  });
});
