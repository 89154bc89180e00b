import { expect, test } from 'vitest';
import { projectPath } from '../../project.ts';
import { settingsInside } from './settings-inside.ts';

const NONE = {
  agentCtl: 'no',
  bundle: undefined,
  cacheDir: '/home/me/cache',
  genpolicy: undefined,
  kubernetes: 'auto',
  kubernetesBundle: undefined,
  mute: undefined,
  policy: undefined,
  protos: undefined,
} as const;

test('the dev VM gets paths below the cache and the project by their paths there', () => {
  const config = {
    ...NONE,
    kubernetesBundle: '/home/me/cache/bundles/1.35',
    mute: 'PauseContainer',
    policy: projectPath('..mine/policy.json'),
  };
  const given = {
    DEBUG: 'yes',
    KATA_KUBERNETES_BUNDLE: config.kubernetesBundle,
    KATA_MUTE: 'PauseContainer',
    KATA_POLICY: '..mine/policy.json',
  };
  expect(settingsInside(config, given)).toEqual({
    DEBUG: 'yes',
    KATA_KUBERNETES_BUNDLE: '/var/cache/kata-cc/bundles/1.35',
    KATA_MUTE: 'PauseContainer',
    KATA_POLICY: '/srv/kata-cc-suite/..mine/policy.json',
  });
});

test.each([
  ['bundle', 'KATA_BUNDLE', '/home/me/bundle'],
  ['kubernetesBundle', 'KATA_KUBERNETES_BUNDLE', '/home/me/cache-of-others'],
  ['policy', 'KATA_POLICY', '/etc/containers/policy.json'],
  ['protos', 'KATA_PROTOS', '/home/me/kata-containers'],
  ['agentCtl', 'KATA_AGENT_CTL', '/usr/bin/kata-agent-ctl'],
  ['genpolicy', 'KATA_GENPOLICY', '/opt/kata/bin/genpolicy'],
  ['mute', 'KATA_MUTE', '/tmp/mute.json'],
])('%s: a path that the dev VM does not share is rejected', (key, name, path) => {
  expect(() => settingsInside({ ...NONE, [key]: path }, { [name]: path })).toThrow(
    `${name}=${path}: the dev VM does not share it; expected a path below this project or the cache, /home/me/cache`,
  );
});

test('a Kubernetes bundle without effect is not checked', () => {
  const config = { ...NONE, kubernetes: 'no', kubernetesBundle: '/home/me/bundle' } as const;
  const given = { KATA_KUBERNETES_BUNDLE: '/home/me/bundle' };
  expect(settingsInside(config, given)).toEqual(given);
});

test('a cache below this project is the cache in the dev VM', () => {
  const cacheDir = projectPath('cache');
  expect(settingsInside({ ...NONE, cacheDir, bundle: projectPath('cache/b') }, { KATA_BUNDLE: 'cache/b' })).toEqual({
    KATA_BUNDLE: '/var/cache/kata-cc/b',
  });
});
