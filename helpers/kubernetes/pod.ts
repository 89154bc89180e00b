import type { CoreV1Event, V1ObjectMeta, V1Pod } from '@kubernetes/client-node';
import { defined } from '../defined.ts';
import { makeOrUndo } from '../dispose.ts';
import { messageOf } from '../errors.ts';
import type { Finished } from '../process/exec.ts';
import type { Cluster } from './cluster.ts';
import { attachTo, connectToPort, openTerminal, type PodConnection, type PodTerminal } from './connection.ts';
import { isNotFound, isTaken, KubernetesError } from './error.ts';
import { type ExecPlace, execInPod, type PodExecOptions } from './exec.ts';
import type { PodManifest } from './manifest.ts';
import { isGone, isReady } from './pod-conditions.ts';
import { describePod } from './pod-report.ts';
import { type Decide, type WaitOptions, watchUntil } from './watch.ts';

/** Options that select which log of a pod is read: of which container, and of which instance of it. */
export interface LogOptions {
  /** Container whose log is read; by default the pod's only container. */
  readonly container?: string;
  /** Reads the log of the container's previous instance, before its restart. */
  readonly previous?: boolean;
}

/** A pod of a Kubernetes cluster. Disposing deletes the pod and waits until it is gone. */
export interface ClusterPod extends AsyncDisposable {
  readonly name: string;
  readonly namespace: string;
  /** Reads the pod's current state. */
  look(): Promise<V1Pod>;
  /** Watches the pod until `decide` returns a verdict; `what` describes the awaited state in error messages. */
  until<R>(what: string, decide: Decide<V1Pod, R>, options?: Partial<WaitOptions>): Promise<R>;
  /** Waits until the pod is running and ready. */
  ready(options?: Partial<WaitOptions>): Promise<V1Pod>;
  logs(options?: LogOptions): Promise<string>;
  exec(command: readonly string[], options?: PodExecOptions & { readonly container?: string }): Promise<Finished>;
  /** Runs a command with a terminal in a container, the first by default. */
  openTerminal(command: readonly string[], container?: string): Promise<PodTerminal>;
  /** Attaches to the first process of a container, the first by default. */
  attach(container?: string): Promise<PodConnection>;
  /** Opens a connection to a port of the pod through the API server. */
  connect(port: number): Promise<PodConnection>;
  /**
   * Sets annotations, or labels, of the pod. The kubelet then syncs the pod at once, volumes included, instead of at the next
   * full minute. Source: "Mounted ConfigMaps are updated automatically" in Kubernetes' documentation.
   */
  mark(metadata: Pick<V1ObjectMeta, 'annotations' | 'labels'>): Promise<void>;
  events(): Promise<readonly CoreV1Event[]>;
  /** The pod's phase, conditions, containers and events as text. */
  describe(): Promise<string>;
  /** Deletes the pod and waits until it is gone. */
  remove(options?: Partial<WaitOptions>): Promise<void>;
}

/**
 * Grace period of a deletion, in seconds. With a grace period of 0 the API server deletes the pod at once, while the
 * node still runs it.
 */
const GRACE_S = 1;

/**
 * Creates a pod. If the creation fails, the pod is deleted again. `waitMs` is the default timeout of each wait, in
 * milliseconds.
 */
export async function createPod(cluster: Cluster, manifest: PodManifest, waitMs: number): Promise<ClusterPod> {
  const pod = podOf(cluster, manifest.metadata.namespace, manifest.metadata.name, waitMs);
  const { name, namespace } = pod;
  const create = (): Promise<V1Pod> =>
    cluster.ask(`creating pod ${namespace}/${name}`, () =>
      cluster.core.createNamespacedPod({ namespace, body: manifest }),
    );
  // The pod is removed unless its name is taken: a request that failed without a response may have created it.
  await makeOrUndo(create, async (why) => (isTaken(why) ? undefined : pod.remove()));
  return pod;
}

/** A client for a pod that may exist already. `waitMs` is the default timeout of each wait, in milliseconds. */
export function podOf(cluster: Cluster, namespace: string, name: string, waitMs: number): ClusterPod {
  const shown = `${namespace}/${name}`;
  const { ask, core } = cluster;
  const events = async (): Promise<readonly CoreV1Event[]> => {
    const fieldSelector = `involvedObject.kind=Pod,involvedObject.name=${name}`;
    const list = await ask(`events of pod ${shown}`, () => core.listNamespacedEvent({ namespace, fieldSelector }));
    return list.items;
  };
  const describe = async (last: V1Pod | undefined): Promise<string> => {
    try {
      return describePod(last, await events());
    } catch (error) {
      // The pod's last known state is reported even if its events cannot be read.
      return `${describePod(last, [])}\n${messageOf(error)}`;
    }
  };
  const until: ClusterPod['until'] = (what, decide, options = {}) =>
    watchUntil(
      cluster,
      {
        what: `pod ${shown} ${what}`,
        path: `/api/v1/namespaces/${namespace}/pods`,
        name,
        list: (fieldSelector) => core.listNamespacedPod({ namespace, fieldSelector }),
        describe,
      },
      decide,
      { timeoutMs: waitMs, ...options },
    );
  const look = (): Promise<V1Pod> => ask(`pod ${shown}`, () => core.readNamespacedPod({ namespace, name }));
  const describeNow = (): Promise<string> => look().then(describe, messageOf);
  const remove = async (options: Partial<WaitOptions> = {}): Promise<void> => {
    try {
      await ask(`removing pod ${shown}`, () =>
        core.deleteNamespacedPod({ namespace, name, gracePeriodSeconds: GRACE_S }),
      );
    } catch (error) {
      if (isNotFound(error)) return;
      throw error;
    }
    await until('gone', isGone, options);
  };
  const place = async (container?: string): Promise<ExecPlace> => ({
    ...{ namespace, pod: name },
    container: container ?? (await firstContainer(look)),
  });
  const wait = { timeoutMs: waitMs };
  return {
    name,
    namespace,
    look,
    until,
    ready: (options) => until('ready', isReady, options),
    logs: ({ container, previous = false } = {}) =>
      ask(`log of pod ${shown}`, async () => {
        const wanted = { namespace, name, previous, ...defined({ container }) };
        // For an empty log the Kubernetes client returns undefined.
        return ((await core.readNamespacedPodLog(wanted)) as string | undefined) ?? '';
      }),
    async exec(command, { container, ...options } = {}) {
      try {
        return await execInPod(cluster, await place(container), command, { timeoutMs: waitMs, ...options });
      } catch (error) {
        // When a command cannot be started in a container, the API server's response does not give the reason; the
        // pod's state does.
        if (!(error instanceof KubernetesError) || error.status !== undefined) throw error;
        throw new KubernetesError(messageOf(error), await describeNow(), {}, { cause: error });
      }
    },
    openTerminal: async (command, container) => openTerminal(cluster, await place(container), command, wait),
    attach: async (container) => attachTo(cluster, await place(container), wait),
    connect: (port) => connectToPort(cluster, { namespace, pod: name }, port, wait),
    async mark(metadata) {
      const manifest = { apiVersion: 'v1', kind: 'Pod', metadata: { ...metadata, namespace, name } };
      await ask(`annotating pod ${shown}`, () => cluster.objects.patch(manifest));
    },
    events,
    describe: describeNow,
    remove,
    [Symbol.asyncDispose]: () => remove(),
  };
}

async function firstContainer(look: () => Promise<V1Pod>): Promise<string> {
  return (await look()).spec?.containers[0]?.name ?? '';
}
