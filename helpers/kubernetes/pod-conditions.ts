import type {
  V1ContainerStateTerminated,
  V1ContainerStateWaiting,
  V1ContainerStatus,
  V1Pod,
} from '@kubernetes/client-node';
import type { Verdict } from './watch.ts';

/** Reasons for which a container waits and which the kubelet never gets over. */
const HOPELESS = new Set(['InvalidImageName', 'ErrImageNeverPull', 'CreateContainerConfigError']);

const GONE = { never: 'there is no such pod' } as const;

/** The pod's containers, as they were seen last. */
export function containersOf(pod: V1Pod): readonly V1ContainerStatus[] {
  return pod.status?.containerStatuses ?? [];
}

/** Runs, and every container is ready. */
export function isReady(pod: V1Pod | undefined): Verdict<V1Pod> {
  if (pod === undefined) return GONE;
  const { phase = 'Pending' } = pod.status ?? {};
  if (phase === 'Failed' || phase === 'Succeeded') return { never: `it has ended, its phase is ${phase}` };
  const hopeless = waiting(pod).find(({ reason = '' }) => HOPELESS.has(reason));
  if (hopeless !== undefined) return { never: `a container waits because of ${hopeless.reason}` };
  const ready = pod.status?.conditions?.some(({ status, type }) => type === 'Ready' && status === 'True');
  return phase === 'Running' && ready ? { done: pod } : undefined;
}

/** How the pod's only container has ended. */
export function hasEnded(pod: V1Pod | undefined): Verdict<V1ContainerStateTerminated> {
  if (pod === undefined) return GONE;
  const { phase } = pod.status ?? {};
  const ended = containersOf(pod)[0]?.state?.terminated;
  return ended !== undefined && (phase === 'Succeeded' || phase === 'Failed') ? { done: ended } : undefined;
}

/** Is not there any more. */
export function isGone(pod: V1Pod | undefined): Verdict<true> {
  return pod === undefined ? { done: true } : undefined;
}

/** A container waits, for a reason and with a message that match together, as `reason: message`. */
export function waitsBecause(pattern: RegExp): (pod: V1Pod | undefined) => Verdict<string> {
  return (pod) => {
    if (pod === undefined) return GONE;
    const found = waiting(pod)
      .map(({ message = '', reason = '' }) => `${reason}: ${message}`)
      .find((text) => pattern.test(text));
    if (found !== undefined) return { done: found };
    return 'done' in (isReady(pod) ?? {}) ? { never: 'it runs' } : undefined;
  };
}

/** Is ready again after its containers were started anew, `times` of them at least. */
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
