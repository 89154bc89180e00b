import type { CoreV1Event, V1Pod } from '@kubernetes/client-node';
import { makeOrUndo } from '../dispose.ts';
import { messageOf } from '../errors.ts';
import type { Finished } from '../exec.ts';
import type { Cluster } from './cluster.ts';
import { isNotFound, isTaken, KubernetesError } from './error.ts';
import { execInPod, type PodExecOptions } from './exec.ts';
import type { PodManifest } from './manifest.ts';
import { isGone, isReady } from './pod-conditions.ts';
import { describePod } from './pod-report.ts';
import { type Decide, type WaitOptions, watchUntil } from './watch.ts';

/** Which part of a pod's log. */
export interface LogOptions {
  /** The pod's only one by default. */
  readonly container?: string;
  /** What the container said before it was started anew. */
  readonly previous?: boolean;
}

/** A pod of a cluster. Disposing removes it and waits until it is gone. */
export interface ClusterPod extends AsyncDisposable {
  readonly name: string;
  readonly namespace: string;
  /** As it is now. */
  look(): Promise<V1Pod>;
  /** Waits by watch until the pod is as `decide` wants it; `what` says so in words. */
  until<R>(what: string, decide: Decide<V1Pod, R>, options?: Partial<WaitOptions>): Promise<R>;
  /** Waits until it runs and is ready. */
  ready(options?: Partial<WaitOptions>): Promise<V1Pod>;
  logs(options?: LogOptions): Promise<string>;
  exec(command: readonly string[], options?: PodExecOptions & { readonly container?: string }): Promise<Finished>;
  events(): Promise<readonly CoreV1Event[]>;
  /** Phase, conditions, containers and events, for people. */
  describe(): Promise<string>;
  /** Removes it and waits until it is gone. */
  remove(options?: Partial<WaitOptions>): Promise<void>;
}

/** With none at all the API forgets the pod at once, while the node still runs it. */
const GRACE_S = 1;

/** What every wait for a pod has for itself, unless it is given more. */
const WAIT_MS = 120_000;

/** Creates a pod. It is removed again whatever happens meanwhile. */
export async function createPod(cluster: Cluster, manifest: PodManifest, waitMs = WAIT_MS): Promise<ClusterPod> {
  const pod = podOf(cluster, manifest.metadata.namespace, manifest.metadata.name, waitMs);
  const { name, namespace } = pod;
  const create = (): Promise<V1Pod> =>
    cluster.ask(`creating pod ${namespace}/${name}`, () =>
      cluster.core.createNamespacedPod({ namespace, body: manifest }),
    );
  // One that was refused for want of an answer may have been made.
  await makeOrUndo(create, async (why) => (isTaken(why) ? undefined : pod.remove()));
  return pod;
}

/** A pod that may be there already. `waitMs`: how long each wait for it may take, unless it is given more. */
export function podOf(cluster: Cluster, namespace: string, name: string, waitMs = WAIT_MS): ClusterPod {
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
      // What is known already must not be lost for it.
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
  return {
    name,
    namespace,
    look,
    until,
    ready: (options) => until('ready', isReady, options),
    logs: ({ container, previous = false } = {}) =>
      ask(`log of pod ${shown}`, async () => {
        const wanted = { namespace, name, previous, ...(container === undefined ? {} : { container }) };
        // Of a container that said nothing the client gives nothing.
        return ((await core.readNamespacedPodLog(wanted)) as string | undefined) ?? '';
      }),
    async exec(command, { container, ...options } = {}) {
      const place = { namespace, pod: name, container: container ?? (await firstContainer(look)) };
      try {
        return await execInPod(cluster, place, command, { timeoutMs: waitMs, ...options });
      } catch (error) {
        // Of a command that cannot be started the answer says no more than that; the pod's state says why.
        if (!(error instanceof KubernetesError) || error.status !== undefined) throw error;
        throw new KubernetesError(messageOf(error), await describeNow(), {}, { cause: error });
      }
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
