import { basename, dirname, join } from 'node:path';
import { fileExists } from '../../helpers/files.ts';
import { connectCluster } from '../../helpers/kubernetes/cluster.ts';
import { removeNamespacesOf } from '../../helpers/kubernetes/namespace.ts';
import type { ClusterEndpoint } from '../../helpers/target.ts';
import type { Config } from '../config.ts';
import { installationOf } from '../installation/installation.ts';
import { haveCluster } from '../kubernetes/cluster.ts';
import type { ServiceStep } from '../step.ts';
import { kataInstallation } from './kata-installation.ts';

/** A cluster whose only node is this machine; it stays until it is undone. */
export function kubernetes({ bundle }: Pick<Config, 'bundle'>): ServiceStep<ClusterEndpoint> {
  return {
    kind: 'service',
    id: 'kubernetes',
    module: import.meta.url,
    title: 'Kubernetes on this machine',
    needs: [kataInstallation({ bundle })],
    timeoutMs: 2_400_000,
    undoTimeoutMs: UNDO_MS,
    async start(context) {
      const { owned, runDir, say } = context;
      const endpoint = await haveCluster(installationOf(context.config), context);
      // Of this run when it ends, whichever way its workers do; of runs that were killed now.
      owned.defer(() => removeNamespaces(endpoint, async (id) => id === basename(runDir)).then(() => {}));
      const left = await removeNamespaces(endpoint, async (id) => !(await fileExists(join(dirname(runDir), id))));
      if (left.length > 0) say(`removed what killed runs have left: ${left.join(', ')}`);
      return endpoint;
    },
  };
}

const REMOVAL_MS = 300_000;
/** An undo connects to the cluster, then removes. */
const UNDO_MS = 2 * REMOVAL_MS;

async function removeNamespaces(
  { kubeconfig }: ClusterEndpoint,
  gone: (runId: string) => Promise<boolean>,
): Promise<readonly string[]> {
  const cluster = await connectCluster(kubeconfig, { timeoutMs: REMOVAL_MS });
  return removeNamespacesOf(cluster, gone, { timeoutMs: REMOVAL_MS });
}
