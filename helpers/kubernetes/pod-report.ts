import type { CoreV1Event, V1ContainerState, V1ContainerStatus, V1Pod } from '@kubernetes/client-node';

/** Number of newest events in the description of a pod. */
const EVENTS = 12;

/**
 * Describes a pod's last known state: phase, conditions, containers with their previous termination, and newest events; the
 * part of `kubectl describe` that explains why a wait timed out.
 */
export function describePod(pod: V1Pod | undefined, events: readonly CoreV1Event[]): string {
  return [...(pod === undefined ? ['there is no such pod'] : describeStatus(pod)), ...describeEvents(events)].join(
    '\n',
  );
}

/** One line about a pod: name, number of ready containers, reason for waiting or else phase, restarts. */
export function podLine({ metadata, spec, status = {} }: V1Pod): string {
  const containers = status.containerStatuses ?? [];
  const ready = containers.filter((container) => container.ready).length;
  const waits = containers.find(({ state }) => state?.waiting !== undefined)?.state?.waiting?.reason;
  const restarts = containers.reduce((sum, { restartCount }) => sum + restartCount, 0);
  const count = `${ready}/${spec?.containers.length ?? 0} ready`;
  return `${metadata?.name}: ${count}, ${waits ?? status.phase ?? 'Pending'}, ${restarts} restarts`;
}

function describeStatus({ spec, status = {} }: V1Pod): string[] {
  const { conditions = [], message, phase = 'Pending', reason } = status;
  const node = spec?.nodeName === undefined ? 'not scheduled' : `on node ${spec.nodeName}`;
  return [
    `phase ${phase}${because(reason, message)}, ${node}`,
    ...conditions.map(
      (condition) => `condition ${condition.type} ${condition.status}${because(condition.reason, condition.message)}`,
    ),
    ...(status.initContainerStatuses ?? []).map((container) => `init ${describeContainer(container)}`),
    ...(status.containerStatuses ?? []).map(describeContainer),
  ];
}

function describeContainer({ lastState, name, ready, restartCount, state }: V1ContainerStatus): string {
  const before = describeState(lastState);
  const restarts = restartCount === 0 ? '' : `, restarted ${restartCount} times`;
  return `container ${name} ${describeState(state) ?? 'without state'}, ${ready ? 'ready' : 'not ready'}${restarts}${before === undefined ? '' : `; before that ${before}`}`;
}

function describeState(state: V1ContainerState | undefined): string | undefined {
  if (state?.running !== undefined) return `running since ${iso(state.running.startedAt)}`;
  if (state?.waiting !== undefined) return `waiting${because(state.waiting.reason, state.waiting.message)}`;
  if (state?.terminated === undefined) return undefined;
  const { exitCode, message, reason, signal } = state.terminated;
  return `exited with ${exitCode}${signal === undefined ? '' : ` by signal ${signal}`}${because(reason, message)}`;
}

function describeEvents(events: readonly CoreV1Event[]): string[] {
  if (events.length === 0) return ['no events'];
  const sorted = [...events].sort((a, b) => timeOf(a) - timeOf(b));
  const left = sorted.length > EVENTS ? [`${sorted.length - EVENTS} older events`] : [];
  return [...left, ...sorted.slice(-EVENTS).map(describeEvent)];
}

/** One Kubernetes event as one line. */
export function describeEvent(event: CoreV1Event): string {
  const { count = 1, message = '', reason = '', type = 'Normal' } = event;
  const at = Number.isFinite(timeOf(event)) ? `${new Date(timeOf(event)).toISOString()} ` : '';
  return `event ${at}${type} ${reason}${count > 1 ? ` (${count} times)` : ''}: ${message.trim()}`;
}

/**
 * Time of a Kubernetes event: the kubelet updates `lastTimestamp` of a repeated event; the scheduler sets `eventTime`.
 */
function timeOf({ eventTime, firstTimestamp, lastTimestamp, metadata }: CoreV1Event): number {
  const time = lastTimestamp ?? eventTime ?? firstTimestamp ?? metadata.creationTimestamp;
  return time === undefined || time === null ? Number.NEGATIVE_INFINITY : new Date(time).getTime();
}

function because(reason: string | undefined, message: string | undefined): string {
  if (reason === undefined || reason === '') return message ? ` (${message.trim()})` : '';
  return message ? ` (${reason}: ${message.trim()})` : ` (${reason})`;
}

function iso(time: Date | string | undefined): string {
  return time === undefined ? 'an unknown time' : new Date(time).toISOString();
}
