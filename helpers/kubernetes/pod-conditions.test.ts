import type { V1Pod, V1PodStatus } from '@kubernetes/client-node';
import { describe, expect, test } from 'vitest';
import {
  containerWhere,
  hasEnded,
  hasFailed,
  hasRestarted,
  isGone,
  isReady,
  isRunning,
  waitsBecause,
} from './pod-conditions.ts';
import { describePod } from './pod-report.ts';

const AT = new Date('2026-11-25T18:00:00Z');

const pod = (status: V1PodStatus): V1Pod => ({
  metadata: { name: 'a' },
  spec: { containers: [], nodeName: 'n' },
  status,
});
const container = (rest: object): NonNullable<V1PodStatus['containerStatuses']>[number] => ({
  name: 'main',
  image: 'i',
  imageID: '',
  ready: false,
  restartCount: 0,
  ...rest,
});
const condition = (type: string, status: string) => ({ type, status });

/** States of a pod as watch events show them, from the pod's creation to its end. */
const created = pod({ phase: 'Pending' });
const pulling = pod({
  phase: 'Pending',
  conditions: [{ ...condition('Ready', 'False'), reason: 'ContainersNotReady', message: 'unready: [main]' }],
  containerStatuses: [container({ state: { waiting: { reason: 'ContainerCreating' } } })],
});
const refused = pod({
  phase: 'Pending',
  containerStatuses: [
    container({ state: { waiting: { reason: 'ErrImagePull', message: 'image security validation' } } }),
  ],
});
const hopeless = pod({
  phase: 'Pending',
  containerStatuses: [container({ state: { waiting: { reason: 'InvalidImageName', message: 'no reference' } } })],
});
const running = pod({
  phase: 'Running',
  conditions: [condition('Ready', 'True')],
  containerStatuses: [container({ ready: true, state: { running: { startedAt: AT } } })],
});
const restarted = pod({
  ...running.status,
  containerStatuses: [
    container({
      ready: true,
      restartCount: 1,
      state: { running: { startedAt: AT } },
      lastState: { terminated: { exitCode: 137, reason: 'Error' } },
    }),
  ],
});
const ended = pod({
  phase: 'Failed',
  containerStatuses: [container({ state: { terminated: { exitCode: 3, reason: 'Error' } } })],
});

describe('isReady', () => {
  test.for([
    ['has no container status', created],
    ['is in ContainerCreating', pulling],
    ['is in ErrImagePull', refused],
  ] as const)('isReady keeps waiting while a pod %s', ([, seen]) => expect(isReady(seen)).toBeUndefined());
  test('isReady is done for a running pod with the condition Ready', () =>
    expect(isReady(running)).toEqual({ done: running }));
  test('isReady gives up on a pod that has ended, does not exist, or is in InvalidImageName', () => {
    expect(isReady(ended)).toEqual({ never: 'the pod ended with phase Failed' });
    expect(isReady(undefined)).toEqual({ never: 'there is no such pod' });
    expect(isReady(hopeless)).toEqual({ never: 'a container is waiting: InvalidImageName' });
  });
  test('isReady keeps waiting while a running pod lacks the condition Ready', () =>
    expect(isReady(pod({ ...running.status, conditions: [condition('Ready', 'False')] }))).toBeUndefined());
});

test('hasEnded gives the exit code of the pod’s container, and gives up on a missing pod', () => {
  expect(hasEnded(running)).toBeUndefined();
  expect(hasEnded(ended)).toEqual({ done: { exitCode: 3, reason: 'Error' } });
  expect(hasEnded(undefined)).toHaveProperty('never');
});

test('hasFailed is done for a failed pod, and gives up on a missing one and one that has succeeded', () => {
  expect(hasFailed(running)).toBeUndefined();
  expect(hasFailed(ended)).toEqual({ done: ended });
  expect(hasFailed(pod({ phase: 'Succeeded' }))).toEqual({ never: 'the pod ended with phase Succeeded' });
  expect(hasFailed(undefined)).toHaveProperty('never');
});

test('isRunning is done once a container of the pod runs, and gives up on a missing pod', () => {
  expect(isRunning(pulling)).toBeUndefined();
  expect(isRunning(running)).toEqual({ done: running });
  expect(isRunning(undefined)).toHaveProperty('never');
});

test('containerWhere is done once the status of the named container meets the condition', () => {
  const once = ({ restartCount }: { readonly restartCount: number }): boolean => restartCount === 1;
  expect(containerWhere('main', once)(running)).toBeUndefined();
  expect(containerWhere('other', once)(restarted)).toBeUndefined();
  expect(containerWhere('main', once)(restarted)).toMatchObject({ done: { restartCount: 1 } });
  expect(containerWhere('main', once)(undefined)).toHaveProperty('never');
});

test('hasRestarted is done once the pod is ready after the given number of restarts', () => {
  expect(hasRestarted(1)(running)).toBeUndefined();
  expect(hasRestarted(1)(restarted)).toEqual({ done: restarted });
  expect(hasRestarted(2)(restarted)).toBeUndefined();
  expect(hasRestarted(1)(undefined)).toHaveProperty('never');
});

test('isGone is done once the pod does not exist', () => {
  expect(isGone(running)).toBeUndefined();
  expect(isGone(undefined)).toEqual({ done: true });
});

test('waitsBecause is done for a matching waiting reason and message, and gives up on a ready pod', () => {
  expect(waitsBecause(/validation/)(pulling)).toBeUndefined();
  expect(waitsBecause(/validation/)(refused)).toEqual({ done: 'ErrImagePull: image security validation' });
  expect(waitsBecause(/validation/)(running)).toEqual({ never: 'the pod is ready' });
});

describe('describePod', () => {
  test('describePod has the phase, conditions and containers of a pod, with their previous termination', () => {
    expect(describePod(pulling, [])).toBe(
      [
        'phase Pending, on node n',
        'condition Ready False (ContainersNotReady: unready: [main])',
        'container main waiting (ContainerCreating), not ready',
        'no events',
      ].join('\n'),
    );
    expect(describePod(restarted, [])).toContain(
      'container main running since 2026-11-25T18:00:00.000Z, ready, restarted 1 times; before that exited with 137 (Error)',
    );
    expect(describePod(created, [])).toContain('phase Pending, on node n');
    expect(describePod(undefined, [])).toBe('there is no such pod\nno events');
  });

  test('describePod lists the newest twelve events, oldest first, and the number of older ones', () => {
    const events = Array.from({ length: 14 }, (_, index) => ({
      involvedObject: {},
      metadata: {},
      type: 'Warning',
      reason: 'Failed',
      message: `number ${index}`,
      count: index,
      lastTimestamp: new Date(AT.getTime() - index * 1_000),
    }));
    const lines = describePod(undefined, events).split('\n').slice(1);
    expect(lines[0]).toBe('2 older events');
    expect(lines[1]).toBe('event 2026-11-25T17:59:49.000Z Warning Failed (11 times): number 11');
    expect(lines.at(-1)).toBe('event 2026-11-25T18:00:00.000Z Warning Failed: number 0');
  });
});
