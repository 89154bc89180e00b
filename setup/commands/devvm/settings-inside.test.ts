import { expect, test } from 'vitest';
import { settingsInside } from './settings-inside.ts';

const cacheDir = '/home/me/cache';

test('the dev VM gets a Kubernetes bundle below the cache by its path there', () => {
  expect(
    settingsInside({ cacheDir, kubernetes: 'yes', kubernetesBundle: '/home/me/cache/bundles/1.35' }),
  ).toMatchObject({
    KATA_KUBERNETES_BUNDLE: '/var/cache/kata-cc/bundles/1.35',
  });
});

test('a Kubernetes bundle that the dev VM does not share is rejected', () => {
  for (const kubernetesBundle of ['/home/me/bundle', '/home/me/cache-of-others']) {
    expect(() => settingsInside({ cacheDir, kubernetes: 'auto', kubernetesBundle })).toThrow(
      `KATA_KUBERNETES_BUNDLE=${kubernetesBundle}: the dev VM does not share it; expected a directory below the cache, /home/me/cache`,
    );
  }
});

test('a Kubernetes bundle without effect is not checked', () => {
  const settings = settingsInside({ cacheDir, kubernetes: 'no', kubernetesBundle: '/home/me/bundle' });
  expect(settings).not.toHaveProperty('KATA_KUBERNETES_BUNDLE');
});
