import { expect, test } from 'vitest';
import { parseContainerdVersion } from './programs.ts';

test.for([
  ['containerd github.com/containerd/containerd 1.6.20~ds1 1.6.20~ds1-1+deb12u3\n', '1.6.20~ds1'],
  ['containerd github.com/containerd/containerd/v2 v2.3.4 7a1f2cd\n', '2.3.4'],
  ['containerd github.com/containerd/containerd 1.7.34+0123456789 \n', '1.7.34+0123456789'],
  ['containerd containerd.io 1.7.27 05044ec0a9a75232cad458027ca83437aae3f4da\n', '1.7.27'],
  ['ctr github.com/containerd/containerd v1.7.2\n', undefined],
  ['true (GNU coreutils) 9.1\n', undefined],
  ['', undefined],
] as const)('the version of %j is %s', ([output, version]) => {
  expect(parseContainerdVersion(output)).toBe(version);
});
