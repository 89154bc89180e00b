import type { V1Namespace, V1ServiceAccount } from '@kubernetes/client-node';
import { makeOrUndo } from '../dispose.ts';
import type { Cluster } from './cluster.ts';
import { isNotFound, isTaken } from './error.ts';
import { type Verdict, type WaitOptions, type Watched, watchUntil } from './watch.ts';

/** A namespace of a cluster. Disposing removes it and all that is in it, and waits until it is gone. */
export interface ClusterNamespace extends AsyncDisposable {
  readonly name: string;
}

const WAIT_MS = 120_000;

/** Label of a namespace: the run that made it. */
export const RUN_LABEL = 'kata-cc/run';

/**
 * Makes a namespace in which pods can be created. It is removed again whatever happens meanwhile. `labels` say whose it is,
 * so that one that was left behind can be found.
 */
export async function createNamespace(
  cluster: Cluster,
  name: string,
  labels: Readonly<Record<string, string>>,
  { timeoutMs = WAIT_MS, signal }: Partial<WaitOptions> = {},
): Promise<ClusterNamespace> {
  // Whoever gives up waiting still wants it removed: that has a deadline of its own.
  const remove = (): Promise<void> => removeNamespace(cluster, name, { timeoutMs });
  const create = async (): Promise<void> => {
    await cluster.ask(`creating namespace ${name}`, () =>
      cluster.core.createNamespace({ body: { metadata: { name, labels: { ...labels } } } }),
    );
    // A controller makes it, and before that every pod is refused.
    const made = (found: V1ServiceAccount | undefined): Verdict<true> => (found ? { done: true } : undefined);
    await watchUntil(cluster, serviceAccount(cluster, name), made, { timeoutMs, signal });
  };
  await makeOrUndo(create, async (why) => (isTaken(why) ? undefined : remove()));
  return { name, [Symbol.asyncDispose]: remove };
}

/** Removes a namespace and waits until it is gone; one that is not there is fine. */
export async function removeNamespace(cluster: Cluster, name: string, options: WaitOptions): Promise<void> {
  try {
    await cluster.ask(`removing namespace ${name}`, () => cluster.core.deleteNamespace({ name }));
  } catch (error) {
    if (isNotFound(error)) return;
    throw error;
  }
  const watched: Watched<V1Namespace> = {
    what: `namespace ${name} gone`,
    path: '/api/v1/namespaces',
    name,
    list: (fieldSelector) => cluster.core.listNamespace({ fieldSelector }),
    describe: async (last) => describeNamespace(last),
  };
  await watchUntil(cluster, watched, (found) => (found ? undefined : { done: true }), options);
}

/** Removes what runs have left behind: namespaces of those that `gone` says are over. Gives their names. */
export async function removeNamespacesOf(
  cluster: Cluster,
  gone: (runId: string) => Promise<boolean>,
  options: WaitOptions,
): Promise<readonly string[]> {
  const { items } = await cluster.ask('the namespaces of runs', () =>
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
  const { conditions = [], phase = 'of no phase' } = namespace?.status ?? {};
  const held = conditions.filter(({ status }) => status === 'True').map(({ message, type }) => `${type}: ${message}`);
  return [`it is ${phase}`, ...held].join('\n');
}

function serviceAccount(cluster: Cluster, namespace: string): Watched<V1ServiceAccount> {
  return {
    what: `service account ${namespace}/default made`,
    path: `/api/v1/namespaces/${namespace}/serviceaccounts`,
    name: 'default',
    list: (fieldSelector) => cluster.core.listNamespacedServiceAccount({ namespace, fieldSelector }),
    describe: async () => 'it is not there; kube-controller-manager makes it',
  };
}
