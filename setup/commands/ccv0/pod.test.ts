import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { expect } from 'vitest';
import { testWhere } from '../../../helpers/contract/run-where.ts';
import { ADMIN_KUBECONFIG } from '../../../helpers/kubernetes/cluster.ts';
import { loadConfig } from '../../config/config.ts';
import { withTarget } from '../../config/validated.ts';
import { createKataPod, deleteKataPod } from './pod.ts';

const withoutCluster = !existsSync(ADMIN_KUBECONFIG) || 'this machine has a Kubernetes cluster';

testWhere(withoutCluster)(
  'pnpm ccv0 create_kata_pod without a cluster names the command that creates one',
  async () => {
    const config = withTarget('kata', loadConfig({ KATA_CACHE_DIR: `${tmpdir()}/kata-cc-no-cluster` }));
    const context = { config };
    for (const command of [createKataPod, deleteKataPod])
      await expect(command(context)).rejects.toThrow(/^there is no cluster: .*; run `pnpm ccv0 init_kubernetes`$/);
  },
);
