import { hostname } from 'node:os';
import type { KubernetesObject, V1DaemonSet, V1Node } from '@kubernetes/client-node';
import type { ClusterEndpoint } from '../../helpers/contract/target.ts';
import { fileExists } from '../../helpers/files.ts';
import { ADMIN_KUBECONFIG, type Cluster, connectCluster } from '../../helpers/kubernetes/cluster.ts';
import { isNotFound, isTaken } from '../../helpers/kubernetes/error.ts';
import { watchUntil } from '../../helpers/kubernetes/watch.ts';
import { poll } from '../../helpers/poll.ts';
import { run } from '../../helpers/process/exec.ts';
import type { Installation } from '../installation/installation.ts';
import { SYSTEMD } from '../installation/systemd.ts';
import { bringUpNode, type NodeContext } from './bring-up.ts';
import { RUNTIME_CLASS } from './node-config.ts';
import { resumeKubelet } from './paused-kubelet.ts';

const READY_TIMEOUT_MS = 300_000;
const KUBE_PROXY = {
  apiVersion: 'apps/v1',
  kind: 'DaemonSet',
  metadata: { name: 'kube-proxy', namespace: 'kube-system' },
} as const;

/**
 * The Kubernetes cluster whose node this machine is, with the runtime class `kata`: an existing cluster, or a new one.
 * Returns when the node is Ready.
 */
export async function provideCluster(installation: Installation, context: NodeContext): Promise<ClusterEndpoint> {
  const { say, signal } = context;
  if (!(await fileExists(ADMIN_KUBECONFIG))) await bringUpNode(installation, context);
  // Starts the kubelet: that of an existing cluster may be stopped, for example after a reboot.
  else if (await fileExists(SYSTEMD)) await run(['systemctl', 'start', 'kubelet'], { signal });
  await resumeKubelet();
  const cluster = await connectCluster(ADMIN_KUBECONFIG);
  say('waiting for the node to be Ready');
  await nodeReady(cluster, signal);
  await makeRuntimeClass(cluster);
  return { kubeconfig: ADMIN_KUBECONFIG, ...((await hasServices(cluster, signal)) ? { services: true } : {}) };
}

/** Whether kube-proxy serves the addresses of services; waits until it runs. A cluster made from a bundle may lack its image. */
async function hasServices(cluster: Cluster, signal: AbortSignal): Promise<boolean> {
  const look = () =>
    cluster.ask('kube-proxy', () => cluster.objects.read(KUBE_PROXY)) as Promise<
      KubernetesObject & Pick<V1DaemonSet, 'status'>
    >;
  try {
    await look();
  } catch (error) {
    if (isNotFound(error)) return false;
    throw error;
  }
  const running = async (): Promise<true | undefined> => ((await look()).status?.numberReady ? true : undefined);
  return poll('kube-proxy running', running, { timeoutMs: READY_TIMEOUT_MS, intervalMs: 500, signal });
}

async function nodeReady(cluster: Cluster, signal: AbortSignal): Promise<void> {
  const name = hostname().toLowerCase();
  const node = {
    what: `node ${name} Ready`,
    path: '/api/v1/nodes',
    name,
    list: (fieldSelector: string) => cluster.core.listNode({ fieldSelector }),
    describe: async (last: V1Node | undefined) => (last === undefined ? 'the node does not exist' : conditionsOf(last)),
  };
  await watchUntil<V1Node, true>(cluster, node, (seen) => (isReady(seen) ? { done: true } : undefined), {
    timeoutMs: READY_TIMEOUT_MS,
    signal,
  });
}

function isReady(node: V1Node | undefined): boolean {
  return node?.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') ?? false;
}

function conditionsOf({ status }: V1Node): string {
  return (status?.conditions ?? []).map(({ message, status: is, type }) => `${type}=${is}: ${message}`).join('\n');
}

async function makeRuntimeClass(cluster: Cluster): Promise<void> {
  const { name } = RUNTIME_CLASS.metadata;
  try {
    await cluster.ask(`creating runtime class ${name}`, () => cluster.node.createRuntimeClass({ body: RUNTIME_CLASS }));
  } catch (error) {
    if (!isTaken(error)) throw error;
  }
}
