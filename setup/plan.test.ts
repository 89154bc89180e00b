import { expect, test } from 'vitest';
import { loadConfig } from './config/config.ts';
import { withTarget } from './config/validated.ts';
import { plan } from './plan.ts';

test.for(['local', 'vm'] as const)('the plan of target %s lists every step after the steps it needs', (target) => {
  const config = withTarget(target, loadConfig({}));
  const steps = plan(config);
  for (const [index, step] of steps.entries()) {
    for (const needed of step.needs(config)) expect(steps.indexOf(needed)).toBeLessThan(index);
  }
});
const IMAGES = [
  ...['packages', 'images', 'image-keys', 'signatures', 'registry-storage', 'guest-etc', 'registry'],
  'password-registry',
];

/** The steps of a run without optional settings. */
const DEFAULT_STEPS = {
  local: [...IMAGES, 'stand-in-agent', 'containerd', 'target', 'first-guest'],
  vm: [
    ...[...IMAGES, 'stand-in-agent', 'vsock', 'guest-memory', 'source', 'kernel', 'initrd', 'acceleration', 'rootfs'],
    ...['node-layer', 'stand-in-layer', 'etc-layer', 'template', 'target', 'first-guest'],
  ],
  kata: [
    ...[...IMAGES, 'source', 'kata-agent', 'stand-in-agent', 'reuse-port', 'kata-runtime', 'kernel', 'rootfs'],
    ...['kata-agent-layer', 'etc-layer', 'pause-bundle', 'kata-image', 'kata-qemu', 'kata-bundle'],
    ...['kata-installation', 'target', 'first-guest'],
  ],
} as const;

test.for(['local', 'vm', 'kata'] as const)(
  'the plan of target %s without optional settings has no step of an optional part',
  (target) => {
    const steps = plan(withTarget(target, loadConfig({})));
    expect(steps.filter(({ feature }) => feature !== undefined)).toEqual([]);
    expect(steps.map(({ id }) => id)).toEqual(DEFAULT_STEPS[target]);
  },
);

test('each optional part adds its own steps to the plan of target vm', () => {
  const added = (environment: Record<string, string>): string[] => {
    const agent = { KATA_AGENT: '/bin/true' };
    const before = new Set(plan(withTarget('vm', loadConfig(agent))).map(({ id }) => id));
    const steps = plan(withTarget('vm', loadConfig({ ...agent, ...environment })));
    return steps.filter(({ id }) => !before.has(id)).map(({ feature, id }) => `${feature}: ${id}`);
  };
  expect(added({ KATA_CDH: 'source' })).toEqual(['CDH: cdh', 'CDH: cdh-layer']);
  expect(added({ KATA_GUEST_COMPONENTS: 'source' })).toEqual([
    'guest components: guest-components',
    'guest components: guest-components-layer',
  ]);
  expect(added({ KATA_KBS: '/bin/true' })).toEqual(['KBS: kbs']);
  expect(added({ KATA_MEASURED_ROOTFS: 'yes' })).toEqual([
    'measured rootfs: measured-image',
    'measured rootfs: measured-initrd',
  ]);
});

test('KATA_KBS adds the KBS to the bundle of target kata, and nothing if a bundle is installed', () => {
  const kbsSteps = (environment: Record<string, string>): string[] =>
    plan(withTarget('kata', loadConfig({ KATA_AGENT: 'source', KATA_KBS: '/bin/true', ...environment })))
      .map(({ id }) => id)
      .filter((id) => id === 'kbs');
  expect(kbsSteps({})).toEqual(['kbs']);
  expect(kbsSteps({ KATA_BUNDLE: '/tmp' })).toEqual([]);
});

test('runtime-rs takes the place of the Go runtime in the plan of target kata', () => {
  const runtimesOf = (builtRuntime: 'go' | 'rs'): string[] =>
    plan({ ...withTarget('kata', loadConfig({})), builtRuntime })
      .map(({ id }) => id)
      .filter((id) => id.startsWith('kata-runtime'));
  expect(runtimesOf('go')).toEqual(['kata-runtime']);
  expect(runtimesOf('rs')).toEqual(['kata-runtime-rs']);
});
