import type { V1Namespace, V1ServiceAccount } from '@kubernetes/client-node';
import { makeOrUndo } from '../dispose.ts';
import type { Cluster } from './cluster.ts';
import { isNotFound, isTaken } from './error.ts';
import { type Verdict, type WaitOptions, type WatchedObject, watchUntil } from './watch.ts';

/** A namespace of a Kubernetes cluster. Disposing deletes it with its contents, and waits until it is gone. */
export interface ClusterNamespace extends AsyncDisposable {
  readonly name: string;
}

/** Kubernetes label of a namespace, with the id of the run that created it. */
export const RUN_LABEL = 'kata-cc/run';

/**
 * Creates a Kubernetes namespace and waits until pods can be created in it. On failure the namespace is deleted again.
 * `labels` name its owner, so that an orphaned namespace can be found.
 */
export async function createNamespace(
  cluster: Cluster,
  name: string,
  labels: Readonly<Record<string, string>>,
  { timeoutMs, signal }: WaitOptions,
): Promise<ClusterNamespace> {
  // The deletion of the namespace has its own deadline and ignores `signal`: it must also happen after the caller has
  // given up.
  const remove = (): Promise<void> => removeNamespace(cluster, name, { timeoutMs });
  const create = async (): Promise<void> => {
    await cluster.ask(`creating namespace ${name}`, () =>
      cluster.core.createNamespace({ body: { metadata: { name, labels: { ...labels } } } }),
    );
    // Until kube-controller-manager has created the default service account, the API server rejects every pod.
    const made = (found: V1ServiceAccount | undefined): Verdict<true> => (found ? { done: true } : undefined);
    await watchUntil(cluster, serviceAccount(cluster, name), made, { timeoutMs, signal });
  };
  await makeOrUndo(create, async (why) => (isTaken(why) ? undefined : remove()));
  return { name, [Symbol.asyncDispose]: remove };
}

/** Deletes a Kubernetes namespace and waits until it is gone. A missing namespace is no error. */
export async function removeNamespace(cluster: Cluster, name: string, options: WaitOptions): Promise<void> {
  try {
    await cluster.ask(`removing namespace ${name}`, () => cluster.core.deleteNamespace({ name }));
  } catch (error) {
    if (isNotFound(error)) return;
    throw error;
  }
  const watched: WatchedObject<V1Namespace> = {
    what: `namespace ${name} gone`,
    path: '/api/v1/namespaces',
    name,
    list: (fieldSelector) => cluster.core.listNamespace({ fieldSelector }),
    describe: async (last) => describeNamespace(last),
  };
  await watchUntil(cluster, watched, (found) => (found ? undefined : { done: true }), options);
}

/** Deletes the Kubernetes namespaces of runs for which `gone` returns true, and returns their names. */
export async function removeNamespacesOf(
  cluster: Cluster,
  gone: (runId: string) => Promise<boolean>,
  options: WaitOptions,
): Promise<readonly string[]> {
  const { items } = await cluster.ask(`listing namespaces with label ${RUN_LABEL}`, () =>
    cluster.core.listNamespace({ labelSelector: RUN_LABEL }),
  );
  const removed: string[] = [];
  for (const { metadata } of items) {
    const { labels, name } = metadata ?? {};
    if (name === undefined || !(await gone(labels?.[RUN_LABEL] ?? ''))) continue;
    await removeNamespace(cluster, name, options);
    removed.push(name);
  }
  return removed;
}

function describeNamespace(namespace: V1Namespace | undefined): string {
  const { conditions = [], phase = 'unknown' } = namespace?.status ?? {};
  const held = conditions.filter(({ status }) => status === 'True').map(({ message, type }) => `${type}: ${message}`);
  return [`phase ${phase}`, ...held].join('\n');
}

function serviceAccount(cluster: Cluster, namespace: string): WatchedObject<V1ServiceAccount> {
  return {
    what: `creation of service account ${namespace}/default`,
    path: `/api/v1/namespaces/${namespace}/serviceaccounts`,
    name: 'default',
    list: (fieldSelector) => cluster.core.listNamespacedServiceAccount({ namespace, fieldSelector }),
    describe: async () => 'it does not exist; kube-controller-manager creates it',
  };
}
