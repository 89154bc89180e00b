import { basename, dirname, join } from 'node:path';
import type { ClusterEndpoint } from '../../../helpers/contract/target.ts';
import { fileExists } from '../../../helpers/files.ts';
import { connectCluster } from '../../../helpers/kubernetes/cluster.ts';
import { removeNamespacesOf } from '../../../helpers/kubernetes/namespace.ts';
import { installationOf } from '../../installation/installation.ts';
import { provideCluster } from '../../kubernetes/cluster.ts';
import type { ServiceStep } from '../../step.ts';
import { kataInstallation } from './kata-installation.ts';

const REMOVAL_MS = 300_000;
/**
 * Timeout of undoing the step, in milliseconds: the undo connects to the cluster, then removes namespaces, each with a
 * limit of its own.
 */
const UNDO_MS = 2 * REMOVAL_MS;

/**
 * Step that provides a Kubernetes cluster whose only node is this machine; the cluster is kept until `pnpm teardown`.
 */
export const kubernetes: ServiceStep<ClusterEndpoint> = {
  kind: 'service',
  id: 'kubernetes',
  module: import.meta.url,
  title: 'Kubernetes cluster',
  needs: () => [kataInstallation],
  timeoutMs: 2_400_000,
  undoTimeoutMs: UNDO_MS,
  async start(context) {
    const { owned, runDir, say } = context;
    const endpoint = await provideCluster(installationOf(context.config), context);
    // Namespaces of this run are removed when the run ends, even if its workers were killed; those of killed runs are
    // removed now.
    owned.defer(() => removeNamespaces(endpoint, async (id) => id === basename(runDir)).then(() => {}));
    const left = await removeNamespaces(endpoint, async (id) => !(await fileExists(join(dirname(runDir), id))));
    if (left.length > 0) say(`removed namespaces of killed runs: ${left.join(', ')}`);
    return endpoint;
  },
};

async function removeNamespaces(
  { kubeconfig }: ClusterEndpoint,
  gone: (runId: string) => Promise<boolean>,
): Promise<readonly string[]> {
  const cluster = await connectCluster(kubeconfig, { timeoutMs: REMOVAL_MS });
  return removeNamespacesOf(cluster, gone, { timeoutMs: REMOVAL_MS });
}
