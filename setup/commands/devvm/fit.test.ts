import { expect, test } from 'vitest';
import { loadConfig } from '../../config/config.ts';
import { debianFor } from './debian.ts';
import { whyNotBuild, whyNotBundle, whyNotOn } from './fit.ts';

const FORCE = { pull: 'force' } as const;

test('Kata of generation skopeo is rejected in a dev VM with cgroup v2', () => {
  const skopeo = { agent: { generation: 'skopeo', version: '2.3.0' } } as const;
  expect(whyNotOn('13', skopeo, FORCE)).toContain('the dev VM is Debian 13: Kata of generation skopeo needs cgroup v1');
  expect(whyNotOn('12', skopeo, FORCE)).toBeUndefined();
  const before = (settings: Record<string, string>): string | undefined => whyNotBuild(loadConfig(settings));
  expect(before({ KATA_DEVVM_DEBIAN: '13' })).toContain('set KATA_DEVVM_DEBIAN=12');
  expect(before({})).toBeUndefined();
  expect(before({ KATA_DEVVM_DEBIAN: '13', katacontainers_branch: 'main' })).toBeUndefined();
});

test('before it is built, nydus is rejected for a dev VM whose containerd has no snapshotter for a runtime handler', () => {
  const nydus = { KATA_PULL: 'nydus', KATA_CDH: 'source', katacontainers_branch: 'main' };
  const before = (settings: Record<string, string>): string | undefined =>
    whyNotBuild(loadConfig({ ...nydus, ...settings }));
  expect(before({ KATA_DEVVM_DEBIAN: '12' })).toBe(
    "KATA_PULL=nydus: containerd 1.6 of the dev VM's Debian 12 has no snapshotter for a runtime handler; 1.7 is the first that has; set KATA_DEVVM_DEBIAN=13 or KATA_CONTAINERD=source",
  );
  expect(before({})).toBeUndefined();
  expect(before({ KATA_DEVVM_DEBIAN: '12', KATA_CONTAINERD: 'source' })).toBeUndefined();
  expect(before({ KATA_DEVVM_DEBIAN: '12', KATA_PULL: 'force' })).toBeUndefined();
  expect(whyNotBuild(loadConfig(nydus), '12')).toContain('of the dev VM');
  // The remedy is another revision, which the error of the CDH names.
  for (const debian of ['12', '13'] as const) {
    expect(whyNotBuild(loadConfig({ KATA_PULL: 'nydus', KATA_CDH: 'source' }), debian)).toBeUndefined();
  }
});

test('a bundle whose guests share files is rejected on Debian 12, whose virtiofsd does not know the options', () => {
  const main = { agent: { generation: 'guest-pull', version: '4.1.0' } } as const;
  expect(whyNotOn('12', main, FORCE)).toBe(
    'the dev VM is Debian 12, whose virtiofsd does not know the options that Kata 4.1.0 gives it, so that no guest starts; set KATA_DEVVM_DEBIAN=13, or KATA_CDH',
  );
  expect(whyNotOn('12', { ...main, cdh: true }, FORCE)).toBeUndefined();
  expect(whyNotOn('12', { agent: { generation: 'guest-pull', version: '3.1.0' } }, FORCE)).toBeUndefined();
  expect(whyNotOn('13', main, FORCE)).toBeUndefined();
});

test('a bundle without a containerd is rejected with nydus on Debian 12', () => {
  const bundle = { agent: { generation: 'guest-pull', version: '4.1.0' }, cdh: true } as const;
  const containerd = { name: 'containerd', version: '2.3.4', path: '/c' };
  expect(whyNotOn('12', bundle, { pull: 'nydus' })).toMatch(
    /^KATA_PULL=nydus: containerd 1\.6 of the dev VM's Debian 12/,
  );
  expect(whyNotOn('12', { ...bundle, containerd }, { pull: 'nydus' })).toBeUndefined();
  expect(whyNotOn('13', bundle, { pull: 'nydus' })).toBeUndefined();
});

test("the user's bundle is tested with its own containerd, in a dev VM of the Debian that it needs", () => {
  expect(whyNotBundle({ bundle: '/b', containerd: '/opt/containerd/bin' })).toBe(
    'KATA_CONTAINERD=/opt/containerd/bin: KATA_BUNDLE is tested with its own containerd, else with that of the dev VM; unset one of the two',
  );
  for (const containerd of ['distro', 'source']) expect(whyNotBundle({ bundle: '/b', containerd })).toBeUndefined();
  expect(whyNotBundle({ bundle: undefined, containerd: 'source' })).toBeUndefined();
  expect(debianFor(loadConfig({}), 'guest-pull')).toBe('13');
  expect(debianFor(loadConfig({}), 'skopeo')).toBe('12');
  expect(debianFor(loadConfig({ KATA_DEVVM_DEBIAN: '13' }), 'skopeo')).toBe('13');
});
