import { describe, expect, test } from 'vitest';
import { explained, kubeadmConfig, type NodeOptions, skippedPhases } from './node-config.ts';

const NODE: NodeOptions = {
  version: 'v1.20.2',
  name: 'node',
  address: '192.0.2.1',
  socket: '/run/containerd/containerd.sock',
  cgroupDriver: 'cgroupfs',
  minutes: 20,
};

const documents = (options: NodeOptions): readonly Record<string, unknown>[] =>
  kubeadmConfig(options)
    .split('---\n')
    .map((document) => JSON.parse(document) as Record<string, unknown>);

describe('kubeadm’s configuration', () => {
  test.for([
    ['v1.20.2', 'v1beta2', '/run/containerd/containerd.sock'],
    ['v1.24.0', 'v1beta3', 'unix:///run/containerd/containerd.sock'],
    ['v1.35.4', 'v1beta4', 'unix:///run/containerd/containerd.sock'],
  ] as const)('kubeadmConfig of %s has the format %s and the socket %s', ([version, format, criSocket]) => {
    const [init, cluster] = documents({ ...NODE, version });
    expect(init).toMatchObject({ apiVersion: `kubeadm.k8s.io/${format}`, nodeRegistration: { criSocket, taints: [] } });
    expect(cluster).toMatchObject({ apiVersion: `kubeadm.k8s.io/${format}`, kubernetesVersion: version });
  });

  test('kubeadmConfig sets the timeout of the control plane in the field that the configuration format has for it', () => {
    const [init, cluster] = documents({ ...NODE, version: 'v1.35.4' });
    expect(init).toMatchObject({
      timeouts: {
        controlPlaneComponentHealthCheck: '20m0s',
        kubeletHealthCheck: '20m0s',
        kubernetesAPICall: '20m0s',
      },
    });
    expect(cluster).not.toHaveProperty('apiServer');
    expect(documents(NODE)[1]).toMatchObject({ apiServer: { timeoutForControlPlane: '20m0s' } });
  });

  test('kubeadmConfig turns off leader election, in the form of arguments that the configuration format has', () => {
    const newest = { extraArgs: expect.arrayContaining([{ name: 'leader-elect', value: 'false' }]) };
    const cluster = documents({ ...NODE, version: 'v1.35.4' })[1];
    expect(cluster).toMatchObject({ controllerManager: newest, scheduler: newest });
    const earlier = { extraArgs: { 'leader-elect': 'false' } };
    expect(documents(NODE)[1]).toMatchObject({ controllerManager: earlier, scheduler: earlier });
  });

  test('kubeadmConfig gives a node as much time to renew its lease as the control plane has to start', () => {
    const extraArgs = { 'node-monitor-grace-period': '20m0s' };
    expect(documents(NODE)[1]).toMatchObject({ controllerManager: { extraArgs } });
  });

  test('kubeadmConfig has ECDSA keys and patches from the versions on whose configuration has a setting for them', () => {
    const patches = { directory: '/etc/kata-cc/kubeadm-patches' };
    const [init, cluster] = documents({ ...NODE, version: 'v1.35.4' });
    expect([init, cluster]).toMatchObject([{ patches }, { encryptionAlgorithm: 'ECDSA-P256' }]);
    const earlier = documents({ ...NODE, version: 'v1.24.0' });
    expect(earlier[0]).toMatchObject({ patches });
    expect(earlier[1]).not.toHaveProperty('encryptionAlgorithm');
    expect(documents(NODE)[0]).not.toHaveProperty('patches');
  });

  test('kubeadmConfig sets imageRepository only if it is configured', () => {
    expect(documents({ ...NODE, imageRepository: 'mirror.example/k8s' })[1]).toMatchObject({
      imageRepository: 'mirror.example/k8s',
    });
    expect(documents(NODE)[1]).not.toHaveProperty('imageRepository');
  });

  test('kubeadmConfig gives the kubelet a runtimeRequestTimeout of 15 minutes', () => {
    expect(documents(NODE)[2]).toMatchObject({ kind: 'KubeletConfiguration', runtimeRequestTimeout: '15m0s' });
  });

  test('kubeadmConfig lets the kubelet run on cgroup v1 from 1.31 on, whose configuration has a setting for that', () => {
    expect(documents({ ...NODE, version: 'v1.31.0' })[2]).toMatchObject({ failCgroupV1: false });
    expect(documents({ ...NODE, version: 'v1.30.9' })[2]).not.toHaveProperty('failCgroupV1');
  });

  test.for(['systemd', 'cgroupfs'] as const)(
    "kubeadmConfig sets the kubelet's cgroup driver to containerd's: %s",
    (driver) => {
      expect(documents({ ...NODE, cgroupDriver: driver })[2]).toMatchObject({ cgroupDriver: driver });
    },
  );

  test.for(['1.20.2', 'v2.0.0', 'latest'])('kubeadmConfig rejects the version %s', (version) => {
    expect(() => kubeadmConfig({ ...NODE, version })).toThrow(`"${version}" is not a version of Kubernetes`);
  });

  test('kubeadmConfig rejects a kubeadm that is too old', () => {
    expect(() => kubeadmConfig({ ...NODE, version: 'v1.14.0' })).toThrow('kubeadm v1.14.0 is too old');
  });
});

test('a rate limit error of kubeadm’s image pull gets the remedies; other errors stay unchanged', () => {
  expect(explained('pulling image: toomanyrequests: You have reached your pull rate limit')).toContain(
    'KATA_KUBERNETES_IMAGES',
  );
  expect(explained('connection refused')).toBe('connection refused');
});

describe('skipped phases of kubeadm', () => {
  const proxy = 'k8s.gcr.io/kube-proxy:v1.20.2';
  test.for([
    ['no phase with crictl and a network', { hasCrictl: true, broughtAlong: false }, [], []],
    ['preflight without crictl', { hasCrictl: false, broughtAlong: false }, [], ['preflight']],
    [
      'CoreDNS and kube-proxy if the bundle has images of neither',
      { hasCrictl: true, broughtAlong: true },
      ['k8s.gcr.io/pause:3.2'],
      ['addon/coredns', 'addon/kube-proxy'],
    ],
    ['CoreDNS if the bundle lacks only its image', { hasCrictl: true, broughtAlong: true }, [proxy], ['addon/coredns']],
    [
      'no phase if the images are present, from any registry',
      { hasCrictl: true, broughtAlong: true },
      [proxy, 'mirror.example:5000/coredns/coredns:v1.11.1'],
      [],
    ],
  ] as const)('kubeadm init skips %s', ([, machine, images, skipped]) => {
    expect(skippedPhases(machine, images)).toEqual(skipped);
  });
});
