import { describe, expect, test } from 'vitest';
import type { TargetName } from '../../helpers/contract/target.ts';
import { loadConfig, withoutEffect } from './config.ts';
import { withTarget } from './validated.ts';

type Environment = Readonly<Record<string, string>>;

const found = (target: TargetName, environment: Environment): ReturnType<typeof withoutEffect> =>
  withoutEffect(withTarget(target, loadConfig(environment)), environment);

describe('reported settings without effect', () => {
  test.for<[TargetName, Environment, string]>([
    [
      'local',
      { KATA_HYPERVISOR: 'clh' },
      'KATA_HYPERVISOR=clh has no effect: target local does not read it, only vm and kata',
    ],
    ['local', { KATA_QEMU: 'source' }, 'KATA_QEMU=source has no effect: target local does not read it, only kata'],
    ['vm', { KATA_QEMU: 'source' }, 'KATA_QEMU=source has no effect: target vm does not read it, only kata'],
    ['vm', { KATA_BUNDLE: '/tmp' }, 'KATA_BUNDLE=/tmp has no effect: target vm does not read it, only kata'],
    [
      'local',
      { KATA_KERNEL: 'build' },
      'KATA_KERNEL=build has no effect: target local does not read it, only vm and kata',
    ],
    [
      'kata',
      { KATA_GUEST_MEMORY: '4096' },
      'KATA_GUEST_MEMORY=4096 has no effect: target kata does not read it, only vm',
    ],
    ['local', { KATA_ACCEL: 'tcg' }, 'KATA_ACCEL=tcg has no effect: target local does not read it, only vm'],
    ['vm', { KUBERNETES: 'yes' }, 'KUBERNETES=yes has no effect: target vm does not read it, only kata'],
    [
      'kata',
      { KATA_BUNDLE: '/tmp', KATA_ROOTFS: 'osbuilder' },
      'KATA_ROOTFS=osbuilder has no effect: KATA_BUNDLE is installed as it is, and nothing is built',
    ],
    [
      'local',
      { KATA_AGENT: 'stand-in', katacontainers_branch: 'main' },
      'katacontainers_branch=main has no effect: with KATA_AGENT=stand-in nothing is built from it',
    ],
    [
      'vm',
      { KATA_AGENT: 'stand-in', KATA_CDH: '/bin/true' },
      'KATA_CDH=/bin/true has no effect: the stand-in agent (KATA_AGENT=stand-in) delegates no image pulls',
    ],
    [
      'local',
      { KATA_KBS: '/bin/true' },
      'KATA_KBS=/bin/true has no effect: target local does not read it, only vm and kata',
    ],
    [
      'local',
      { KATA_KBS_VERSION: 'x' },
      'KATA_KBS_VERSION=x has no effect: target local does not read it, only vm and kata',
    ],
    [
      'vm',
      { KATA_CONTAINERD: 'source' },
      'KATA_CONTAINERD=source has no effect: target vm does not read it, only local and kata',
    ],
    [
      'kata',
      { KATA_BUNDLE: '/tmp', KATA_CONTAINERD: 'source', KATA_CONTAINERD_VERSION: 'v2.3' },
      'KATA_CONTAINERD_VERSION=v2.3 has no effect: KATA_BUNDLE is installed as it is, and nothing is built',
    ],
    ['vm', { KATA_PULL: 'nydus' }, 'KATA_PULL=nydus has no effect: target vm does not read it, only kata'],
    [
      'kata',
      { KATA_BUNDLE: '/tmp', KATA_PULL: 'nydus', KATA_NYDUS_VERSION: 'v0.15.15' },
      'KATA_NYDUS_VERSION=v0.15.15 has no effect: KATA_BUNDLE is installed as it is, and nothing is built',
    ],
    [
      'kata',
      { KUBERNETES: 'no', KATA_KUBERNETES_IMAGES: 'registry.example/k8s' },
      'KATA_KUBERNETES_IMAGES=registry.example/k8s has no effect: KUBERNETES=no: there is no cluster',
    ],
  ])('on target %s, a setting of %j without effect is reported', ([target, environment, line]) => {
    expect(found(target, environment)).toMatchObject([{ line, refused: false }]);
  });
});

describe('rejected settings without effect', () => {
  test.for<[TargetName, Environment, string]>([
    [
      'vm',
      { KATA_HYPERVISOR: 'clh' },
      'KATA_HYPERVISOR=clh is rejected: guests of target vm run in QEMU only; set KATA_TARGET=kata, or KATA_HYPERVISOR=qemu',
    ],
    [
      'kata',
      { KATA_HYPERVISOR: 'clh', KATA_RUNTIME: 'go' },
      'KATA_HYPERVISOR=clh is rejected: guests run in Cloud Hypervisor with runtime-rs only; set KATA_RUNTIME=rs, or',
    ],
    [
      'kata',
      { KATA_HYPERVISOR: 'clh', KATA_RUNTIME: 'rs', KATA_CDH: '/bin/true' },
      'KATA_HYPERVISOR=clh is rejected: guests in Cloud Hypervisor do not reach the registries',
    ],
    [
      'kata',
      { KATA_CTL: 'source', KATA_RUNTIME: 'go' },
      'KATA_CTL=source is rejected: it is read only with KATA_RUNTIME=rs; set that too, or unset it',
    ],
    ['kata', { KATA_CLH: '/bin/true' }, 'KATA_CLH=/bin/true is rejected: it is read only with KATA_HYPERVISOR=clh'],
    [
      'kata',
      { KATA_HYPERVISOR: 'clh', KATA_RUNTIME: 'rs', KATA_CLH: '/bin/true', KATA_CLH_VERSION: 'v51.1' },
      'KATA_CLH_VERSION=v51.1 is rejected: it is read only with KATA_CLH=source',
    ],
    [
      'vm',
      { KATA_KERNEL_SOURCE: '/linux' },
      'KATA_KERNEL_SOURCE=/linux is rejected: it is read only with KATA_KERNEL=source',
    ],
    [
      'local',
      { KATA_KERNEL_SOURCE: '/linux' },
      'KATA_KERNEL_SOURCE=/linux is rejected: it is read only with KATA_KERNEL=',
    ],
    ['kata', { KATA_QEMU_REPO: '/qemu' }, 'KATA_QEMU_REPO=/qemu is rejected: it is read only with KATA_QEMU=source'],
    ['kata', { KATA_QEMU_VERSION: 'v9.0.0' }, 'KATA_QEMU_VERSION=v9.0.0 is rejected: it is read only with KATA_QEMU='],
    [
      'vm',
      { KATA_CDH_REPO: '/gc' },
      'KATA_CDH_REPO=/gc is rejected: it is read only with KATA_CDH=source or KATA_GUEST_COMPONENTS=source; set that too',
    ],
    [
      'vm',
      { KATA_CDH: '/bin/true', KATA_CDH_VERSION: 'x' },
      'KATA_CDH_VERSION=x is rejected: it is read only with KATA_CDH=',
    ],
    ['local', { CONTAINER_ID: 'mine' }, 'CONTAINER_ID=mine is rejected: it is read only with PULL_IMAGE; set that too'],
    ['local', { SOURCE_CREDS: 'a:secret' }, 'SOURCE_CREDS is rejected: it is read only with PULL_IMAGE'],
    ['local', { KATA_MUTANT: 'policy-never-read' }, 'KATA_MUTANT=policy-never-read is rejected: it is read only with'],
    [
      'local',
      { KATA_AGENT: 'stand-in', KATA_MUTANT: 'policy-deny-all' },
      'KATA_MUTANT=policy-deny-all is rejected: the stand-in agent has no policy',
    ],
    [
      'vm',
      { KATA_AGENT: 'stand-in', KATA_MUTANT: 'image-policy-accept-all' },
      'KATA_MUTANT=image-policy-accept-all is rejected: the stand-in agent has no CDH',
    ],
    ['kata', { KATA_KBS: '/bin/true' }, 'KATA_KBS=/bin/true is rejected: it is read only with KATA_GUEST_COMPONENTS'],
    ['vm', { KATA_KBS: '/bin/true' }, 'KATA_KBS=/bin/true is rejected: it is read only with KATA_GUEST_COMPONENTS'],
    [
      'kata',
      { KATA_CDH: '/bin/true', KATA_MUTANT: 'cdh-accepts-all' },
      'KATA_MUTANT=cdh-accepts-all is rejected: guests of target kata have no server between agent and CDH',
    ],
    [
      'vm',
      { KATA_AGENT: '/bin/true', KATA_MUTANT: 'cdh-accepts-all' },
      'KATA_MUTANT=cdh-accepts-all is rejected: it is read only with KATA_CDH',
    ],
    [
      'vm',
      { KATA_AGENT: 'stand-in', KATA_MUTANT: 'cdh-proxy' },
      'KATA_MUTANT=cdh-proxy is rejected: the stand-in agent has no CDH',
    ],
    [
      'local',
      { KATA_CONTAINERD_VERSION: 'v1.7' },
      'KATA_CONTAINERD_VERSION=v1.7 is rejected: it is read only with KATA_CONTAINERD=source',
    ],
    ['kata', { KATA_PULL: 'nydus' }, 'KATA_PULL=nydus is rejected: it is read only with KATA_CDH'],
    ['kata', { KATA_PULL: 'force' }, 'KATA_PULL=force is rejected: it is read only with KATA_CDH'],
    [
      'kata',
      { KATA_CDH: '/bin/true', KATA_NYDUS_VERSION: 'v0.15.15' },
      'KATA_NYDUS_VERSION=v0.15.15 is rejected: it is read only with KATA_PULL=nydus',
    ],
    ['vm', { KATA_KBS_REPO: '/trustee' }, 'KATA_KBS_REPO=/trustee is rejected: it is read only with KATA_KBS=source'],
    ['vm', { KATA_KBS_VERSION: 'x' }, 'KATA_KBS_VERSION=x is rejected: it is read only with KATA_KBS=source'],
    [
      'vm',
      { KATA_KBS_VERIFIERS: 'upstream' },
      'KATA_KBS_VERIFIERS=upstream is rejected: it is read only with KATA_KBS=source',
    ],
    ['kata', { KATA_AGENT: 'stand-in' }, 'KATA_AGENT=stand-in is rejected: target kata uses the agent built from'],
    ['kata', { KATA_AGENT: '/bin/true' }, 'KATA_AGENT=/bin/true is rejected: target kata uses the agent built from'],
  ])('on target %s, a setting of %j without effect is rejected', ([target, environment, line]) => {
    expect(found(target, environment)).toMatchObject([{ line: expect.stringContaining(line), refused: true }]);
  });
});

test.for<[TargetName, Environment]>([
  ['local', {}],
  ['local', { KATA_KERNEL: 'distro', KATA_GUEST_CPUS: '1' }],
  ['local', { PULL_IMAGE: 'busybox', CONTAINER_ID: 'mine', SOURCE_CREDS: 'a:b' }],
  ['local', { katacontainers_repo: '/kata', katacontainers_branch: 'main' }],
  ['local', { KATA_AGENT: 'stand-in', KATA_AGENT_CTL: 'source', katacontainers_branch: 'main' }],
  ['local', { KATA_AGENT: 'stand-in', KATA_MUTANT: 'policy-never-read' }],
  ['local', { KATA_AGENT: '/bin/true', KATA_MUTANT: 'policy-allow-all' }],
  ['kata', { KATA_MUTANT: 'policy-deny-all' }],
  ['vm', { KATA_AGENT: '/bin/true', KATA_MUTANT: 'image-policy-accept-all' }],
  ['vm', { KATA_AGENT: '/bin/true', KATA_CDH: '/bin/true', KATA_MUTANT: 'cdh-accepts-all' }],
  [
    'vm',
    { KATA_KERNEL: 'source', KATA_KERNEL_SOURCE: '/linux', KATA_AGENT: 'stand-in', katacontainers_branch: 'main' },
  ],
  ['vm', { KATA_CDH: 'source', KATA_CDH_REPO: '/gc', KATA_CDH_VERSION: 'x', KATA_ACCEL: 'tcg' }],
  ['vm', { KATA_CDH: '/bin/true', KATA_GUEST_COMPONENTS: 'source', KATA_CDH_REPO: '/gc', KATA_CDH_VERSION: 'x' }],
  [
    'vm',
    {
      ...{ KATA_AGENT: '/bin/true', KATA_CDH: '/bin/true', KATA_GUEST_COMPONENTS: 'source', KATA_KBS: 'source' },
      ...{
        KATA_KBS_REPO: '/trustee',
        KATA_KBS_VERSION: 'x',
        KATA_KBS_VERIFIERS: 'upstream',
        katacontainers_branch: 'x',
      },
    },
  ],
  ['kata', { KATA_QEMU: 'source', KATA_QEMU_REPO: '/qemu', KATA_QEMU_VERSION: 'x', KATA_KERNEL: 'build' }],
  ['kata', { KATA_AGENT: 'source', KATA_ROOTFS: 'osbuilder', KUBERNETES: 'yes', KATA_KUBERNETES_BUNDLE: '/usr' }],
])('on target %s, every setting of %j has an effect', ([target, environment]) => {
  expect(found(target, environment)).toEqual([]);
});
