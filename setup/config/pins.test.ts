import { expect, test } from 'vitest';
import type { TargetName } from '../../helpers/contract/target.ts';
import { loadConfig } from './config.ts';
import { librariesFor, toolsFor } from './pins.ts';
import { withTarget } from './validated.ts';

const KERNEL = ['flex', 'bison', 'libelf-dev'];
const UPSTREAM = ['patch'];
const FETCH = ['curl'];
const ISOLATED = ['bwrap'];
const CDH = ['libclang-dev', 'libdevmapper-dev'];
const KBS = ['cmake', 'protoc'];
const QEMU = ['meson', 'ninja', 'libglib2.0-dev'];
const SECCOMP = ['libseccomp-dev'];
/** Upstream builds the agent with musl on these architectures alone. */
const MUSL = ['x64', 'arm64'].includes(process.arch) ? ['musl-gcc'] : [];
const AGENT = [...ISOLATED, ...SECCOMP, ...MUSL];

test.for<[TargetName, Record<string, string>, readonly string[]]>([
  ['local', { KATA_KERNEL: 'source', KATA_QEMU: 'source' }, []],
  ['vm', {}, []],
  ['vm', { KATA_AGENT: 'source' }, AGENT],
  ['local', { KATA_AGENT: 'source' }, AGENT],
  ['vm', { KATA_AGENT: 'source', KATA_AGENT_LIBC: 'musl' }, [...ISOLATED, ...SECCOMP, 'musl-gcc']],
  ['vm', { KATA_AGENT: 'source', KATA_AGENT_LIBC: 'gnu' }, [...ISOLATED, ...SECCOMP]],
  ['vm', { KATA_AGENT: 'source', KATA_BUILD_ISOLATION: 'no' }, [...SECCOMP, ...MUSL]],
  ['vm', { KATA_AGENT: 'source', KATA_AGENT_FEATURES: 'init-data' }, [...ISOLATED, ...MUSL]],
  ['vm', { KATA_AGENT: 'source', KATA_AGENT_FEATURES: 'none', KATA_AGENT_LIBC: 'gnu' }, ISOLATED],
  ['vm', { KATA_CDH: 'source' }, [...ISOLATED, ...CDH]],
  ['vm', { KATA_GUEST_COMPONENTS: 'source' }, ISOLATED],
  ['vm', { KATA_KBS: 'source' }, [...ISOLATED, ...KBS]],
  ['kata', { KATA_KBS: 'source', KATA_BUNDLE: '/tmp' }, []],
  ['vm', { KATA_GENPOLICY: 'source' }, ISOLATED],
  ['local', { KATA_AGENT_CTL: 'source' }, ISOLATED],
  ['local', { KATA_CONTAINERD: 'source' }, ISOLATED],
  ['kata', { KATA_CONTAINERD: 'source', KATA_BUNDLE: '/tmp' }, []],
  ['vm', { KATA_CONTAINERD: 'source' }, []],
  ['kata', { KATA_PULL: 'nydus', KATA_BUNDLE: '/tmp' }, ['mount.fuse']],
  ['vm', { KATA_PULL: 'nydus' }, []],
  ['vm', { KATA_KERNEL: 'build' }, KERNEL],
  ['vm', { KATA_KERNEL: 'source' }, [...KERNEL, ...UPSTREAM, ...FETCH]],
  ['vm', { KATA_KERNEL: 'source', KATA_KERNEL_SOURCE: '/linux' }, [...KERNEL, ...UPSTREAM]],
  ['vm', { KATA_QEMU: 'source' }, []],
  ['kata', {}, [...KERNEL, ...AGENT]],
  ['kata', { KATA_KERNEL: 'source' }, [...AGENT, ...KERNEL, ...UPSTREAM, ...FETCH]],
  ['kata', { KATA_QEMU: 'source' }, [...AGENT, ...KERNEL, ...UPSTREAM, ...QEMU]],
  ['kata', { KATA_BUNDLE: '/tmp', KATA_KERNEL: 'source', KATA_QEMU: 'source' }, []],
])('target %s with %j needs the build tools %j', ([target, environment, wanted]) => {
  const config = withTarget(target, loadConfig(environment));
  const needed: readonly string[] = [...toolsFor(config), ...librariesFor(config)];
  const all = [
    ...ISOLATED,
    ...SECCOMP,
    'musl-gcc',
    ...KERNEL,
    ...UPSTREAM,
    ...FETCH,
    ...QEMU,
    ...CDH,
    ...KBS,
    'mount.fuse',
  ];
  expect(needed.filter((name) => all.includes(name)).sort()).toEqual([...wanted].sort());
  expect(new Set(needed).size).toBe(needed.length);
});

test('target local needs the distribution’s containerd only if no other is set; the unit of target kata is its package’s', () => {
  const needs = (target: TargetName, environment: Record<string, string>): boolean =>
    toolsFor(withTarget(target, loadConfig(environment))).includes('containerd');
  expect(needs('local', {})).toBe(true);
  expect(needs('local', { KATA_CONTAINERD: 'source' })).toBe(false);
  expect(needs('kata', { KATA_CONTAINERD: 'source' })).toBe(true);
});
