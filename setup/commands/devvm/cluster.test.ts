import { mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { inTemporaryDirectory } from '../../../helpers/temporary-directory.ts';
import { whyNoCluster } from './cluster.ts';

test('KUBERNETES=yes is rejected for a dev VM that has nothing to install it from', async () => {
  expect(await whyNoCluster({ kubernetes: 'yes', kubernetesBundle: undefined })).toBe(
    'KUBERNETES=yes: the dev VM reaches no network to install Kubernetes from; set KATA_KUBERNETES_BUNDLE, or KUBERNETES=auto for a node that it has',
  );
  expect(await whyNoCluster({ kubernetes: 'auto', kubernetesBundle: undefined })).toBeUndefined();
  expect(await whyNoCluster({ kubernetes: 'no', kubernetesBundle: '/nonexistent' })).toBeUndefined();
});

test('a Kubernetes bundle without a program of the node is rejected, with its name', async () => {
  await inTemporaryDirectory(join(tmpdir(), 'kata-cc-bundle-'), async (kubernetesBundle) => {
    await mkdir(join(kubernetesBundle, 'bin'));
    for (const name of ['kubeadm', 'kubelet'])
      await writeFile(join(kubernetesBundle, 'bin', name), '', { mode: 0o755 });
    expect(await whyNoCluster({ kubernetes: 'auto', kubernetesBundle })).toBe(
      `KATA_KUBERNETES_BUNDLE=${kubernetesBundle}: it contains no executable bin/kubectl, and the dev VM has none`,
    );
    await writeFile(join(kubernetesBundle, 'bin/kubectl'), '', { mode: 0o755 });
    expect(await whyNoCluster({ kubernetes: 'yes', kubernetesBundle })).toBeUndefined();
  });
});
