import { expect, test } from 'vitest';
import { loadConfig } from '../../config/config.ts';
import { whyNoCluster } from './cluster.ts';

test('KUBERNETES=yes is rejected for a dev VM that has nothing to install it from', () => {
  expect(whyNoCluster(loadConfig({ KUBERNETES: 'yes' }))).toBe(
    'KUBERNETES=yes: the dev VM reaches no network to install Kubernetes from; set KATA_KUBERNETES_BUNDLE, or KUBERNETES=auto for a node that it has',
  );
  expect(whyNoCluster(loadConfig({ KUBERNETES: 'auto' }))).toBeUndefined();
  expect(whyNoCluster({ kubernetes: 'yes', kubernetesBundle: '/bundle' })).toBeUndefined();
});
