import type {
  V1ContainerStateTerminated,
  V1ContainerStateWaiting,
  V1ContainerStatus,
  V1Pod,
} from '@kubernetes/client-node';
import type { Verdict } from './watch.ts';

/** Reasons for which a container waits and that do not go away until the pod's spec or node is changed. */
const HOPELESS = new Set(['InvalidImageName', 'ErrImageNeverPull', 'CreateContainerConfigError']);

const GONE = { never: 'there is no such pod' } as const;

/** The last known status of the pod's containers. */
export function containersOf(pod: V1Pod): readonly V1ContainerStatus[] {
  return pod.status?.containerStatuses ?? [];
}

/** Verdict for waiting until a pod is running and every container is ready. */
export function isReady(pod: V1Pod | undefined): Verdict<V1Pod> {
  if (pod === undefined) return GONE;
  const { phase = 'Pending' } = pod.status ?? {};
  if (phase === 'Failed' || phase === 'Succeeded') return { never: `the pod ended with phase ${phase}` };
  const hopeless = waiting(pod).find(({ reason = '' }) => HOPELESS.has(reason));
  if (hopeless !== undefined) return { never: `a container is waiting: ${hopeless.reason}` };
  const ready = pod.status?.conditions?.some(({ status, type }) => type === 'Ready' && status === 'True');
  return phase === 'Running' && ready ? { done: pod } : undefined;
}

/** Verdict for waiting until the container of a pod runs, ready or not. */
export function isRunning(pod: V1Pod | undefined): Verdict<V1Pod> {
  if (pod === undefined) return GONE;
  return containersOf(pod).some(({ state }) => state?.running !== undefined) ? { done: pod } : undefined;
}

/** Verdict for waiting until the status of a container of the pod meets a condition. */
export function containerWhere(
  container: string,
  meets: (status: V1ContainerStatus) => boolean,
): (pod: V1Pod | undefined) => Verdict<V1ContainerStatus> {
  return (pod) => {
    if (pod === undefined) return GONE;
    const status = containersOf(pod).find(({ name }) => name === container);
    return status !== undefined && meets(status) ? { done: status } : undefined;
  };
}

/** Verdict for waiting until a pod has failed. */
export function hasFailed(pod: V1Pod | undefined): Verdict<V1Pod> {
  if (pod === undefined) return GONE;
  if (pod.status?.phase === 'Succeeded') return { never: 'the pod ended with phase Succeeded' };
  return pod.status?.phase === 'Failed' ? { done: pod } : undefined;
}

/** Verdict for waiting until a pod has ended; gives the termination state of the pod's only container. */
export function hasEnded(pod: V1Pod | undefined): Verdict<V1ContainerStateTerminated> {
  if (pod === undefined) return GONE;
  const { phase } = pod.status ?? {};
  const ended = containersOf(pod)[0]?.state?.terminated;
  return ended !== undefined && (phase === 'Succeeded' || phase === 'Failed') ? { done: ended } : undefined;
}

/** Verdict for waiting until a pod no longer exists. */
export function isGone(pod: V1Pod | undefined): Verdict<true> {
  return pod === undefined ? { done: true } : undefined;
}

/** Verdict for waiting until a container of the pod waits with a `reason: message` that matches the pattern. */
export function waitsBecause(pattern: RegExp): (pod: V1Pod | undefined) => Verdict<string> {
  return (pod) => {
    if (pod === undefined) return GONE;
    const found = waiting(pod)
      .map(({ message = '', reason = '' }) => `${reason}: ${message}`)
      .find((text) => pattern.test(text));
    if (found !== undefined) return { done: found };
    return 'done' in (isReady(pod) ?? {}) ? { never: 'the pod is ready' } : undefined;
  };
}

/** Verdict for waiting until a pod is ready again after a container has restarted at least `times` times. */
export function hasRestarted(times: number): (pod: V1Pod | undefined) => Verdict<V1Pod> {
  return (pod) => {
    const restarts = pod === undefined ? 0 : Math.max(0, ...containersOf(pod).map(({ restartCount }) => restartCount));
    const verdict = isReady(pod);
    return verdict !== undefined && 'done' in verdict && restarts < times ? undefined : verdict;
  };
}

function waiting(pod: V1Pod): readonly V1ContainerStateWaiting[] {
  return containersOf(pod).flatMap(({ state }) => (state?.waiting === undefined ? [] : [state.waiting]));
}
