import { expect, test } from 'vitest';
import { parseDeclaredVersions } from './declared-versions.ts';

test('parseDeclaredVersions reads the range of containerd, and the versions that Kata 4 names', () => {
  const text = `assets:
  hypervisor:
    qemu: {url: "https://git.example/qemu", version: "v11.0.1"}
  kernel: {version: "v6.18.35"}
externals:
  cni-plugins: {version: "v1.2.0"}
  containerd: {url: "github.com/containerd/containerd", minimum: "v1.7", latest: "v2.3"}
  runc: {latest: "v1.2"}
`;
  expect(parseDeclaredVersions(text, 'kata')).toEqual({
    containerd: { minimum: 'v1.7', latest: 'v2.3' },
    runc: { latest: 'v1.2' },
    QEMU: { named: 'v11.0.1' },
    'guest kernel': { named: 'v6.18.35' },
    'CNI plugins': { named: 'v1.2.0' },
  });
});

test('parseDeclaredVersions reads lts and active of Kata 3 as minimum and latest; of CCv0, the version alone', () => {
  const containerd = (entry: string): unknown =>
    parseDeclaredVersions(`externals:\n  containerd: ${entry}\n`, 'kata').containerd;
  expect(containerd('{version: v1.7.25, lts: v1.7, active: v2.0}')).toEqual({
    minimum: 'v1.7',
    latest: 'v2.0',
    named: 'v1.7.25',
  });
  expect(containerd('{version: v1.6.0-beta.2, branch: ali-CCv0}')).toEqual({ named: 'v1.6.0-beta.2' });
  expect(containerd('{description: none}')).toBeUndefined();
});

test('a versions.yaml that is no YAML is rejected with file and place', () => {
  expect(() => parseDeclaredVersions('a: [', 'kata')).toThrow(/^versions.yaml of kata is not valid YAML at line 2/);
});
