import { parse } from '@iarna/toml';
import { expect, test } from 'vitest';
import { configureContainerd } from './containerd-config.ts';

/** As Debian has it: the section that gets a setting is there only by what is below it. */
const DEBIAN = `version = 2

[plugins]
  # where Debian keeps them
  [plugins."io.containerd.grpc.v1.cri"]
    [plugins."io.containerd.grpc.v1.cri".cni]
      bin_dir = "/usr/lib/cni"
  [plugins."io.containerd.internal.v1.opt"]
    path = "/var/lib/containerd/opt"
`;

const options = { pauseImage: 'k8s.gcr.io/pause:3.2' };

test('the runtime class and the pause image are added, all else stays', () => {
  const text = configureContainerd(DEBIAN, options);
  for (const line of DEBIAN.split('\n')) expect(text).toContain(line);
  expect(parse(text)).toMatchObject({
    plugins: {
      'io.containerd.grpc.v1.cri': {
        sandbox_image: 'k8s.gcr.io/pause:3.2',
        cni: { bin_dir: '/usr/lib/cni' },
        containerd: {
          runtimes: {
            // Without it containerd refuses its configuration.
            runc: { runtime_type: 'io.containerd.runc.v2' },
            kata: { runtime_type: 'io.containerd.kata.v2', pod_annotations: ['io.katacontainers.*'] },
          },
        },
      },
    },
  });
});

test('done twice it is as done once', () => {
  const once = configureContainerd(DEBIAN, options);
  expect(configureContainerd(once, options)).toBe(once);
});

test('a file of version 3 gets them where containerd 2 looks', () => {
  expect(parse(configureContainerd('version = 3\n', options))).toMatchObject({
    plugins: {
      'io.containerd.cri.v1.runtime': { containerd: { runtimes: { kata: { runtime_type: 'io.containerd.kata.v2' } } } },
      'io.containerd.cri.v1.images': { pinned_images: { sandbox: 'k8s.gcr.io/pause:3.2' } },
    },
  });
});

test.for([
  ['[plugins]\n', /version = 1: this knows 2 and 3/],
  ['version = \n', /^\/etc\/containerd\/config\.toml: /],
] as const)('%j is refused', ([text, complaint]) => {
  expect(() => configureContainerd(text, options)).toThrow(complaint);
});
