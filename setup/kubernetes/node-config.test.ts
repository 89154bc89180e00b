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
    ['v1.34.1', 'v1beta4', 'unix:///run/containerd/containerd.sock'],
  ] as const)('of %s has the format %s and the socket %s', ([version, format, criSocket]) => {
    const [init, cluster] = documents({ ...NODE, version });
    expect(init).toMatchObject({ apiVersion: `kubeadm.k8s.io/${format}`, nodeRegistration: { criSocket, taints: [] } });
    expect(cluster).toMatchObject({ apiVersion: `kubeadm.k8s.io/${format}`, kubernetesVersion: version });
  });

  test('says where the newest format wants it how long the control plane may take', () => {
    const [init, cluster] = documents({ ...NODE, version: 'v1.34.1' });
    expect(init).toMatchObject({ timeouts: { controlPlaneComponentHealthCheck: '20m0s' } });
    expect(cluster).not.toHaveProperty('apiServer');
    expect(documents(NODE)[1]).toMatchObject({ apiServer: { timeoutForControlPlane: '20m0s' } });
  });

  test('takes images from where it is told, and otherwise says nothing of it', () => {
    expect(documents({ ...NODE, imageRepository: 'mirror.example/k8s' })[1]).toMatchObject({
      imageRepository: 'mirror.example/k8s',
    });
    expect(documents(NODE)[1]).not.toHaveProperty('imageRepository');
  });

  test('has the kubelet wait for a sandbox that takes its time', () => {
    expect(documents(NODE)[2]).toMatchObject({ kind: 'KubeletConfiguration', runtimeRequestTimeout: '15m0s' });
  });

  test.for(['systemd', 'cgroupfs'] as const)(
    'has the kubelet use the cgroup driver %s when containerd does',
    (driver) => {
      expect(documents({ ...NODE, cgroupDriver: driver })[2]).toMatchObject({ cgroupDriver: driver });
    },
  );

  test.for(['1.20.2', 'v2.0.0', 'latest'])('refuses %s, which is no version', (version) => {
    expect(() => kubeadmConfig({ ...NODE, version })).toThrow(`"${version}" is no version of Kubernetes`);
  });

  test('refuses a kubeadm that is too old', () => {
    expect(() => kubeadmConfig({ ...NODE, version: 'v1.14.0' })).toThrow('kubeadm v1.14.0 is too old');
  });
});

test('a registry’s limit is explained, other problems are left as they are', () => {
  expect(explained('pulling image: toomanyrequests: You have reached your pull rate limit')).toContain(
    'KATA_KUBERNETES_IMAGES',
  );
  expect(explained('connection refused')).toBe('connection refused');
});

describe('phases of kubeadm are left out', () => {
  const proxy = 'k8s.gcr.io/kube-proxy:v1.20.2';
  test.for([
    ['none on a machine that has crictl and a network', { hasCrictl: true, broughtAlong: false }, [], []],
    ['its checks without crictl', { hasCrictl: false, broughtAlong: false }, [], ['preflight']],
    [
      'DNS and service addresses when no images were brought for them',
      { hasCrictl: true, broughtAlong: true },
      ['k8s.gcr.io/pause:3.2'],
      ['addon/coredns', 'addon/kube-proxy'],
    ],
    ['one when only its image is missing', { hasCrictl: true, broughtAlong: true }, [proxy], ['addon/coredns']],
    [
      'none when the images are there, whoever keeps them',
      { hasCrictl: true, broughtAlong: true },
      [proxy, 'mirror.example:5000/coredns/coredns:v1.11.1'],
      [],
    ],
  ] as const)('%s', ([, machine, images, skipped]) => {
    expect(skippedPhases(machine, images)).toEqual(skipped);
  });
});
