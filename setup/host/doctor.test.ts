import { describe, expect, test } from 'vitest';
import type { TargetName } from '../../helpers/contract/target.ts';
import { loadConfig } from '../config/config.ts';
import { withTarget } from '../config/validated.ts';
import { diagnose, obstacles, ownContainerd, renderChecks, type Versions } from './doctor.ts';
import { exampleHost } from './example-host.ts';
import type { Host } from './probe.ts';

const HOST = exampleHost();

const config = withTarget('local', loadConfig({}));
const problems = (host: Partial<Host>): readonly string[] => obstacles(diagnose(config, { ...HOST, ...host }));

test('the doctor finds no obstacle on a suitable machine', () => {
  expect(problems({})).toEqual([]);
});

test.for<[Partial<Host>, string]>([
  [{ root: false }, 'not root'],
  [{ nodeVersion: '20.18.3' }, 'Node.js 20.18.3 is too old'],
  [{ memoryMib: 512 }, '512 MiB of memory'],
  [{ cacheFreeMib: 10 }, 'disk full: 10 MiB free'],
  [{ features: { ...HOST.features, overlay: false } }, 'the kernel offers no overlay'],
  [{ distribution: 'fedora' }, 'skopeo is missing; install the package skopeo'],
])('the doctor reports for a machine with %j: %s', ([host, problem]) => {
  expect(problems(host).join('\n')).toContain(problem);
});

test('the doctor says that builds of sources are isolated, and what is missing for that', () => {
  const built = (settings: Record<string, string>, host: Partial<Host> = {}): string =>
    renderChecks(
      diagnose(withTarget('local', loadConfig({ KATA_AGENT: 'source', ...settings })), { ...HOST, ...host }),
    );
  expect(built({})).toContain('ok       cargo and Go builds of sources run isolated, as user 77000');
  expect(built({})).toContain('bwrap is missing; install the package bubblewrap (set-up will)');
  expect(built({}, { privileges: [] })).toContain('builds cannot be isolated: root lacks CAP_SYS_ADMIN, CAP_SETUID');
  const off = built({ KATA_BUILD_ISOLATION: 'no' });
  expect(off).toContain('ok       builds of sources are not isolated (KATA_BUILD_ISOLATION=no)');
  expect(off).not.toContain('bwrap');
});

test('the doctor names the builds of a source that run as root despite isolation', () => {
  const said = (target: TargetName, settings: Record<string, string>): string =>
    renderChecks(diagnose(withTarget(target, loadConfig(settings)), HOST));
  const NOT_ISOLATED = 'ok       not isolated yet, built as root from the source: ';
  const all = { KATA_KERNEL: 'source', KATA_QEMU: 'source', KATA_ROOTFS: 'osbuilder' };
  expect(said('kata', all)).toContain(`${NOT_ISOLATED}osbuilder, upstream's kernel scripts, upstream's QEMU scripts`);
  expect(said('vm', { KATA_KERNEL: 'source' })).toContain(`${NOT_ISOLATED}upstream's kernel scripts`);
  expect(said('vm', { KATA_AGENT: 'source' })).not.toContain('not isolated');
  expect(said('kata', { KATA_BUNDLE: '/tmp' })).not.toContain('isolated');
});

test('the doctor reports missing devices for target kata, and suggests the dev VM', () => {
  const kata = (features: Partial<Host['features']>): readonly string[] =>
    obstacles(
      diagnose(withTarget('kata', loadConfig({})), {
        ...HOST,
        memoryMib: 16_384,
        cacheFreeMib: 40_000,
        features: { ...HOST.features, ...features },
      }),
    );
  expect(kata({ kvm: true, 'vhost-vsock': true })).toEqual([]);
  expect(kata({ kvm: true, 'vhost-vsock': false })).toEqual([
    'KATA_TARGET=kata: there is no /dev/vhost-vsock; `pnpm devvm test` runs it in a dev VM that has them',
  ]);
});

describe('versions that the doctor finds', () => {
  const RANGE = { containerd: { minimum: 'v1.7', latest: 'v2.3' } };
  const findings = (version: string, declared?: Versions['declared']): ReturnType<typeof diagnose> =>
    diagnose(config, HOST, { found: [{ program: 'containerd', path: '/c', version }], declared });

  test('a containerd in the range that Kata declares is shown with it', () => {
    expect(renderChecks(findings('2.3.4', RANGE))).toContain(
      '  ok       containerd 2.3.4 (Kata declares v1.7 to v2.3): /c',
    );
    expect(renderChecks(findings('2.3.4'))).toContain('  ok       containerd 2.3.4: /c');
  });

  test('a containerd older than the minimum that Kata declares is a warning, and no obstacle', () => {
    const found = findings('1.6.20~ds1', RANGE);
    expect(obstacles(found)).toEqual([]);
    expect(renderChecks(found)).toContain(
      '  WARNING  containerd 1.6.20~ds1 is older than v1.7, the minimum that versions.yaml of this Kata declares; install a later one',
    );
    expect(renderChecks(findings('1.6.20~ds1'))).not.toContain('WARNING');
  });

  test('with KATA_PULL=nydus, a containerd without a snapshotter for a runtime handler is an obstacle', () => {
    const config = withTarget('kata', loadConfig({ KATA_PULL: 'nydus', KATA_BUNDLE: '/tmp' }));
    const found = (version: string): readonly string[] =>
      obstacles(diagnose(config, HOST, { found: [{ program: 'containerd', path: '/c', version }] })).filter((line) =>
        line.includes('KATA_PULL'),
      );
    expect(found('1.6.20~ds1')).toEqual([
      expect.stringMatching(
        /^KATA_PULL=nydus: containerd 1\.6\.20~ds1 \(\/c\) has no snapshotter for a runtime handler; 1\.7 is/,
      ),
    ]);
    expect(found('1.7.24')).toEqual([]);
  });

  test('a containerd of the user that is too old is an obstacle for the dev VM, that of this machine is not', () => {
    const versions = { found: [{ program: 'containerd', path: '/c', version: '1.5.18' }] } as const;
    const found = (containerd: string): readonly string[] =>
      obstacles(ownContainerd({ ...withTarget('kata', loadConfig({})), containerd }, versions));
    expect(found('/opt/containerd/bin')).toEqual([
      expect.stringMatching(/^containerd 1\.5\.18 \(\/c\) is too old: 1\.6 is the first that answers CRI's API v1; /),
    ]);
    expect(found('distro')).toEqual([]);
  });

  test('a containerd to build is an obstacle if its version says that it is too old', () => {
    const found = (version: string, pull: string): readonly string[] => {
      const settings = { KATA_CONTAINERD: 'source', KATA_CONTAINERD_VERSION: version, KATA_PULL: pull };
      const config = withTarget('kata', loadConfig({ ...settings, KATA_CDH: 'source', katacontainers_branch: 'main' }));
      return obstacles(ownContainerd(config, { found: [] }));
    };
    expect(found('v1.5', 'force')).toEqual([
      "KATA_CONTAINERD_VERSION=v1.5 is too old: 1.6 is the first that answers CRI's API v1; set a later one",
    ]);
    expect(found('release/1.6', 'nydus')).toEqual([
      expect.stringMatching(
        /^KATA_PULL=nydus: KATA_CONTAINERD_VERSION=release\/1\.6 has no snapshotter for a runtime handler/,
      ),
    ]);
    for (const version of ['v1.6.8.2', 'main', 'latest', 'deadbeef', 'my-1.5'])
      expect(found(version, 'force')).toEqual([]);
  });

  test('a containerd without CRI’s API v1 is an obstacle', () => {
    expect(obstacles(findings('1.5.9', RANGE))).toEqual([
      expect.stringMatching(/^containerd 1\.5\.9 \(\/c\) is too old: 1\.6 is the first that answers CRI's API v1; /),
    ]);
  });
});
