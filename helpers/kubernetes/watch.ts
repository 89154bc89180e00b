import type { KubernetesListObject, KubernetesObject } from '@kubernetes/client-node';
import { HarnessError, messageOf, TimeoutError } from '../errors.ts';
import { poll } from '../poll.ts';
import type { Cluster } from './cluster.ts';
import { KubernetesError } from './error.ts';

/**
 * Verdict on a Kubernetes object's state: `done` if it is as awaited, `never` if that can no longer happen, `undefined`
 * to keep waiting.
 */
export type Verdict<R> = { readonly done: R } | { readonly never: string } | undefined;

/** How a wait for a Kubernetes object ends: with a verdict, or with the error of `decide` or of the API server. */
type Outcome<R> = Exclude<Verdict<R>, undefined> | { readonly failed: unknown };

/**
 * Judges a Kubernetes object's current state; `undefined` stands for an object that does not exist. The function is
 * pure, so it can be tested on recorded events.
 */
export type Decide<T, R> = (object: T | undefined) => Verdict<R>;

/** The Kubernetes object to watch, and how to list and describe it. */
export interface WatchedObject<T extends KubernetesObject> {
  /** The awaited state, for error messages, such as `pod a/b running`. */
  readonly what: string;
  /** API path of the object's collection, such as `/api/v1/namespaces/a/pods`. */
  readonly path: string;
  readonly name: string;
  /** Lists the object's collection, limited to the object by a field selector. */
  readonly list: (fieldSelector: string) => Promise<KubernetesListObject<T>>;
  /** The object's last known state, for the error of a wait that timed out. */
  readonly describe: (last: T | undefined) => Promise<string>;
}

/** Timeout of a wait, in milliseconds, and the signal that aborts it. */
export interface WaitOptions {
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

/** Delay before the next list request, in milliseconds, after the API server ended the watch or did not answer. */
const AGAIN_MS = 250;

/**
 * Waits until a Kubernetes object reaches a state: one list request, then a watch from that resource version. When the
 * server ends the watch, or does not answer for a while, list and watch start again. Rejects with a {@link
 * TimeoutError} that describes the object's last known state, and with a {@link HarnessError} `never` as soon as the
 * awaited state can no longer be reached.
 */
export async function watchUntil<T extends KubernetesObject, R>(
  cluster: Cluster,
  watched: WatchedObject<T>,
  decide: Decide<T, R>,
  { signal, timeoutMs }: WaitOptions,
): Promise<R> {
  const { describe, list, name, path, what } = watched;
  const fieldSelector = `metadata.name=${name}`;
  const expired = AbortSignal.timeout(timeoutMs);
  const ended = signal === undefined ? expired : AbortSignal.any([expired, signal]);
  let last: T | undefined;
  const judge = (object: T | undefined): Outcome<R> | undefined => {
    last = object;
    try {
      return decide(object);
    } catch (failed) {
      // An error of `decide` ends the wait: further events would not help, and the Kubernetes client swallows errors
      // that a watch callback throws.
      return { failed };
    }
  };
  const round = async (): Promise<Outcome<R> | undefined> => {
    try {
      const { items, metadata } = await cluster.ask(`listing ${path} for ${name}`, () => list(fieldSelector));
      const { resourceVersion } = metadata ?? {};
      const query = { fieldSelector, ...(resourceVersion ? { resourceVersion } : {}) };
      return judge(items[0]) ?? (await follow(cluster, path, query, judge, ended));
    } catch (error) {
      // Only a server error or an unreachable server is worth a retry: the API server would reject the same request
      // again.
      const refused = error instanceof KubernetesError && error.status !== undefined && error.status < 500;
      if (refused) return { failed: error };
      throw error;
    }
  };
  try {
    const outcome = await poll(what, round, { timeoutMs, intervalMs: AGAIN_MS, signal });
    if ('failed' in outcome) throw outcome.failed;
    if ('never' in outcome) {
      throw new HarnessError('never', `${what} cannot happen any more: ${outcome.never}\n${await describe(last)}`);
    }
    return outcome.done;
  } catch (error) {
    if (!(error instanceof TimeoutError)) throw error;
    throw new TimeoutError(`${messageOf(error)}\n${await describe(last)}`, { cause: error });
  }
}

/** Passes each watch event to `judge` until it returns an outcome; `undefined` when the server or `ended` ends the watch. */
function follow<T extends KubernetesObject, O>(
  cluster: Cluster,
  path: string,
  query: Readonly<Record<string, string>>,
  judge: (object: T | undefined) => O | undefined,
  ended: AbortSignal,
): Promise<O | undefined> {
  return new Promise((resolve, reject) => {
    const finish = (resolveConfig: () => void): void => {
      ended.removeEventListener('abort', onAbort);
      resolveConfig();
      // The abort waits for the controller, which the Kubernetes client returns only once the server has answered.
      void asked.then((controller) => controller.abort());
    };
    const onAbort = (): void => finish(() => resolve(undefined));
    const onChange = (type: string, object: T): void => {
      // After an ERROR event, mostly 410 Expired (resource version too old), the API server ends the watch; the next
      // list request follows.
      if (type === 'ERROR' || type === 'BOOKMARK') return;
      const outcome = judge(type === 'DELETED' ? undefined : object);
      if (outcome !== undefined) finish(() => resolve(outcome));
    };
    ended.addEventListener('abort', onAbort, { once: true });
    const asked = cluster.watch.watch(path, query, onChange, (error: unknown) =>
      finish(() => (isAway(error) ? reject(error) : resolve(undefined))),
    );
    if (ended.aborted) onAbort();
  });
}

/**
 * Whether the error means that the API server is unreachable. A watch that we abort or that the server closes is no
 * error.
 */
function isAway(error: unknown): boolean {
  return error instanceof Error && error.name !== 'AbortError' && error.message !== 'Premature close';
}
