import { expect, test } from 'vitest';
import { agentCapabilities } from './agent-capabilities.ts';

const VM = { 'host-processes': 'they are in a VM' } as const;
const LOCAL = { 'host-processes': true } as const;
const MAIN = { kind: 'kata-agent', generation: 'guest-pull', features: ['agent-policy'] } as const;
const CCV0 = { kind: 'kata-agent', generation: 'skopeo', features: [] } as const;

test.for([
  ['the stand-in', { kind: 'stand-in', generation: 'skopeo' }, 'the stand-in agent has no agent-policy'],
  ['an agent with the feature', MAIN, true],
  ['an agent without it', CCV0, 'the agent was built without the feature agent-policy'],
  [
    'an agent of a bundle that records no features',
    { kind: 'kata-agent', generation: 'guest-pull' },
    'nothing records whether the agent was built with the feature agent-policy',
  ],
] as const)('agent-policy of %s depends on its features alone', ([_, agent, expected]) => {
  expect(agentCapabilities(agent, VM)['agent-policy']).toBe(expected);
});

test.for([
  ['CCv0 in a VM', CCV0, VM, true],
  ['CCv0 on target local', CCV0, LOCAL, expect.stringContaining('a socket of its own')],
  ['main', MAIN, VM, expect.stringContaining('by a policy instead')],
  ['the stand-in', { kind: 'stand-in', generation: 'skopeo' }, VM, true],
] as const)(
  'endpoint-list of an agent of %s says whether its endpoints can be restricted',
  ([_, agent, on, expected]) => {
    expect(agentCapabilities(agent, on)['endpoint-list']).toEqual(expected);
  },
);

test.for([
  ['in a VM', VM, true],
  ['on target local', LOCAL, 'guests of target local have no disks'],
] as const)('init-data of an agent with the feature %s says whether it can get initdata', ([_, on, expected]) => {
  expect(agentCapabilities({ ...MAIN, features: ['init-data'] }, on)['init-data']).toBe(expected);
});
