import { expect, test } from 'vitest';
import type { Memory } from './memory.ts';
import { because, joined, whatRuns } from './what-runs.ts';

const method = (name: string): string => `grpc.AgentService/${name}`;
const DECLARED = ['ReseedRandomDev', 'GetMetrics', 'CreateContainer', 'CreateSandbox'].map(method);
const MEMORY: Memory = new Map([
  ['random', { methods: [method('ReseedRandomDev'), method('GetMetrics')], failed: [] }],
  ['metrics', { methods: [method('GetMetrics')], failed: ['metrics > one'] }],
  ['containers', { methods: [method('CreateContainer')], failed: [] }],
]);
const FILES = ['containers', 'random', 'metrics'];
const change = (...paths: string[]) => paths.map((path) => ({ path: `src/agent/src/${path}`, sides: [] }));

test.for([
  [
    'those that failed last come before those that call what changed',
    change('random.rs'),
    FILES,
    [
      ['metrics', ['failed in the last run']],
      ['random', ['calls ReseedRandomDev, which src/agent/src/random.rs (changed) serves']],
    ],
  ],
  [
    'one that failed and calls what changed has both reasons',
    change('metrics.rs'),
    ['random', 'metrics'],
    [
      ['metrics', ['failed in the last run', 'calls GetMetrics, which src/agent/src/metrics.rs (changed) serves']],
      ['random', ['calls GetMetrics, which src/agent/src/metrics.rs (changed) serves']],
    ],
  ],
  [
    'all run after a change of a file whose methods are not known, those that failed first',
    change('sandbox.rs'),
    FILES,
    [
      ['metrics', ['failed in the last run', 'src/agent/src/sandbox.rs changed; which methods it serves is not known']],
      ['containers', ['src/agent/src/sandbox.rs changed; which methods it serves is not known']],
      ['random', ['src/agent/src/sandbox.rs changed; which methods it serves is not known']],
    ],
  ],
  [
    'one that has not run yet runs, as its calls are not known',
    change('random.rs'),
    ['new'],
    [['new', ['src/agent/src/random.rs changed; which methods the specs call is not known yet']]],
  ],
  ['files that were not chosen do not run', change('random.rs'), ['containers'], []],
  ['nothing runs if no chosen file calls what changed', change('namespace.rs'), ['random'], []],
] as const)('after a change of the agent, of spec files %s', ([_, changed, files, expected]) => {
  expect([...whatRuns({ changed, files, declared: DECLARED, memory: MEMORY })]).toEqual(expected);
});

test('a reason names three methods and counts the others', () => {
  const methods = [
    'A',
    'CreateContainer',
    'CreateSandbox',
    'DestroySandbox',
    'RemoveContainer',
    'UpdateEphemeralMounts',
  ].map(method);
  const memory = new Map([['storages', { methods, failed: [] }]]);
  expect([...whatRuns({ changed: change('mount.rs'), files: ['storages'], declared: methods, memory })]).toEqual([
    [
      'storages',
      [
        'calls CreateContainer, CreateSandbox, DestroySandbox and 2 more methods, which src/agent/src/mount.rs (changed) serves',
      ],
    ],
  ]);
});

test('joined keeps the order of the first, and the reasons of both', () => {
  const first = because(['b', 'a'], 'saved');
  expect([...joined(first, new Map([...because(['a'], 'saved'), ...because(['c'], 'failed')]))]).toEqual([
    ['b', ['saved']],
    ['a', ['saved']],
    ['c', ['failed']],
  ]);
});
