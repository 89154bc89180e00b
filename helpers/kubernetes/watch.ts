import type { KubernetesListObject, KubernetesObject } from '@kubernetes/client-node';
import { HarnessError, messageOf, TimeoutError } from '../errors.ts';
import { poll } from '../poll.ts';
import type { Cluster } from './cluster.ts';
import { KubernetesError } from './error.ts';

/** What a look at an object tells: it is as wanted, it will never be, or (`undefined`) wait. */
export type Verdict<R> = { readonly done: R } | { readonly never: string } | undefined;

/** A verdict that ends a wait, or why judging was no use. */
type Outcome<R> = Exclude<Verdict<R>, undefined> | { readonly failed: unknown };

/** Judges an object as it is now; `undefined` when there is none. Pure, so that it can be tried on recorded events. */
export type Decide<T, R> = (object: T | undefined) => Verdict<R>;

/** One object that is watched. */
export interface Watched<T extends KubernetesObject> {
  /** What is awaited, as one would say it: `pod a/b running`. */
  readonly what: string;
  /** Path of the collection it is in: `/api/v1/namespaces/a/pods`. */
  readonly path: string;
  readonly name: string;
  /** Lists the collection, limited to the object. */
  readonly list: (fieldSelector: string) => Promise<KubernetesListObject<T>>;
  /** How it was seen last, for the error of a wait that expired. */
  readonly describe: (last: T | undefined) => Promise<string>;
}

/** How long a wait may take, in milliseconds, and what ends it early. */
export interface WaitOptions {
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

/** Between two looks at an API server that does not answer or ends every watch. */
const AGAIN_MS = 250;

/**
 * Waits by watch until an object is as wanted. It is looked at once, then the API server tells of every change; when the
 * server ends the watch, or is away for a while, the same again. Rejects with {@link TimeoutError} that says how the object
 * was seen last, and with {@link HarnessError} `never` as soon as what is awaited can no longer happen.
 */
export async function watchUntil<T extends KubernetesObject, R>(
  cluster: Cluster,
  watched: Watched<T>,
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
      // Waiting on would not help whoever judges; and of what a callback throws the client says nothing to anybody.
      return { failed };
    }
  };
  const round = async (): Promise<Outcome<R> | undefined> => {
    try {
      const { items, metadata } = await cluster.ask(`looking at ${path} for ${name}`, () => list(fieldSelector));
      const { resourceVersion } = metadata ?? {};
      const query = { fieldSelector, ...(resourceVersion ? { resourceVersion } : {}) };
      return judge(items[0]) ?? (await follow(cluster, path, query, judge, ended));
    } catch (error) {
      // What the server refuses it refuses again; only a server that is not there may come back.
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

/** Judges every change until that tells something; `undefined` when the server ends the watch, or `ended` does. */
function follow<T extends KubernetesObject, O>(
  cluster: Cluster,
  path: string,
  query: Readonly<Record<string, string>>,
  judge: (object: T | undefined) => O | undefined,
  ended: AbortSignal,
): Promise<O | undefined> {
  return new Promise((resolve, reject) => {
    const finish = (settle: () => void): void => {
      ended.removeEventListener('abort', onAbort);
      settle();
      // Aborted when it is known; the client gives it only once the server has answered.
      void asked.then((controller) => controller.abort());
    };
    const onAbort = (): void => finish(() => resolve(undefined));
    const onChange = (type: string, object: T): void => {
      // An error ends the watch: mostly that it lies too far back, and everything is to be looked at anew.
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

/** A watch that ends because it was asked to, or because the server had enough of it, is no error. */
function isAway(error: unknown): boolean {
  return error instanceof Error && error.name !== 'AbortError' && error.message !== 'Premature close';
}
