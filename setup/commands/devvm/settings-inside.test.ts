import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { inTemporaryDirectory } from '../../../helpers/temporary-directory.ts';
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

test('a symbolic link is the file that it leads to', async () => {
  await inTemporaryDirectory(join(tmpdir(), 'kata-cc-links-'), async (directory) => {
    const cacheDir = join(directory, 'cache');
    await mkdir(cacheDir);
    for (const file of ['cache/policy.json', 'other.json']) await writeFile(join(directory, file), '{}');
    await symlink(join(cacheDir, 'policy.json'), join(directory, 'in'));
    await symlink(join(directory, 'other.json'), join(cacheDir, 'out'));
    const inside = (policy: string): Record<string, string> =>
      settingsInside({ ...NONE, cacheDir, policy }, { KATA_POLICY: policy });
    expect(inside(join(directory, 'in'))).toEqual({ KATA_POLICY: '/var/cache/kata-cc/policy.json' });
    expect(() => inside(join(cacheDir, 'out'))).toThrow('/out: the dev VM does not share it');
  });
});
