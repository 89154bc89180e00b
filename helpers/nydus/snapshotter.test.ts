import { expect, test } from 'vitest';
import { directoryOfNydus, parseNydusVersion } from './snapshotter.ts';

test.for([
  ['Version:     v0.15.15\nRevision:    c2f1c15f47\nGo version:  go1.26.8\n', '0.15.15'],
  ['Version:     0.13.14-2-g106a6cb.m\nRevision:    106a6cb.m\n', '0.13.14-2-g106a6cb.m'],
  ['containerd github.com/containerd/containerd v1.7.24 c2f1c15f47\n', undefined],
  ['Version:     v0.15.15\n', undefined],
  ['', undefined],
])('parseNydusVersion of %j is %s', ([output = '', version]) => {
  expect(parseNydusVersion(output)).toBe(version);
});

test('the path of a containerd-nydus-grpc means its directory', () => {
  expect(directoryOfNydus('/opt/n/containerd-nydus-grpc', false)).toBe('/opt/n');
  expect(directoryOfNydus('/opt/n', true)).toBe('/opt/n');
  expect(directoryOfNydus('/opt/n/other', false)).toBe('/opt/n/other');
});
