import { expect, test } from 'vitest';
import { projectPath } from '../../project.ts';
import { settingsInside } from './settings-inside.ts';

const NONE = {
  bundle: undefined,
  cacheDir: '/home/me/cache',
  historyDir: projectPath('reports/history'),
  kubernetes: 'auto',
  kubernetesBundle: undefined,
  policy: undefined,
  protos: undefined,
  reportsDir: projectPath('reports/out'),
} as const;

test('the dev VM gets paths below the cache and the project by their paths there', () => {
  const config = {
    ...NONE,
    kubernetesBundle: '/home/me/cache/bundles/1.35',
    policy: projectPath('mine/policy.json'),
    reportsDir: projectPath('reports/other'),
  };
  const given = {
    DEBUG: 'yes',
    KATA_KUBERNETES_BUNDLE: config.kubernetesBundle,
    KATA_POLICY: 'mine/policy.json',
    KATA_REPORTS_DIR: config.reportsDir,
  };
  expect(settingsInside(config, given)).toEqual({
    DEBUG: 'yes',
    KATA_KUBERNETES_BUNDLE: '/var/cache/kata-cc/bundles/1.35',
    KATA_POLICY: '/srv/kata-cc-suite/mine/policy.json',
    KATA_REPORTS_DIR: '/srv/kata-cc-suite/reports/other',
  });
});

test.each([
  ['bundle', 'KATA_BUNDLE', '/home/me/bundle'],
  ['kubernetesBundle', 'KATA_KUBERNETES_BUNDLE', '/home/me/cache-of-others'],
  ['policy', 'KATA_POLICY', '/etc/containers/policy.json'],
  ['protos', 'KATA_PROTOS', '/home/me/kata-containers'],
  ['historyDir', 'KATA_HISTORY_DIR', '/var/lib/history'],
  ['reportsDir', 'KATA_REPORTS_DIR', '/tmp/reports'],
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

test('directories that the user did not set are not passed on', () => {
  expect(settingsInside({ ...NONE, reportsDir: '/anywhere' }, {})).toEqual({});
});
