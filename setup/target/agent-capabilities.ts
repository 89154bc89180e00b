import type { AgentUnderTest, CapabilitySet } from '../../helpers/contract/target.ts';

/** Capabilities that depend on how the agent was built. */
export type AgentCapabilities = Pick<
  CapabilitySet,
  'agent-policy' | 'disk-storages' | 'endpoint-list' | 'init-data' | 'seccomp'
>;

/**
 * The capabilities of a target that depend on how its agent was built. Initdata is on a disk, which only VMs have. An
 * endpoint list is read from a file in the guest, which only guests with an agent on vsock share: on target local the file would have to
 * name the agent's own socket.
 */
export function agentCapabilities(
  agent: Pick<AgentUnderTest, 'features' | 'generation' | 'kind'>,
  { 'host-processes': hostProcesses }: Pick<CapabilitySet, 'host-processes'>,
): AgentCapabilities {
  return {
    'agent-policy': hasFeature(agent, 'agent-policy'),
    'init-data': hostProcesses === true ? 'guests of target local have no disks' : hasFeature(agent, 'init-data'),
    'endpoint-list': listsEndpoints(agent, hostProcesses === true),
    'disk-storages': agent.kind === 'kata-agent' || 'the stand-in agent mounts no disks',
    // The runc of the stand-in has it.
    seccomp: agent.kind === 'stand-in' || hasFeature(agent, 'seccomp'),
  };
}

function hasFeature({ features, kind }: Pick<AgentUnderTest, 'features' | 'kind'>, feature: string): true | string {
  if (kind === 'stand-in') return `the stand-in agent has no ${feature}`;
  if (features === undefined) return `nothing records whether the agent was built with the feature ${feature}`;
  return features.includes(feature) || `the agent was built without the feature ${feature}`;
}

function listsEndpoints({ generation }: Pick<AgentUnderTest, 'generation'>, onHost: boolean): true | string {
  if (generation === 'guest-pull') return 'agents of main restrict requests by a policy instead';
  return !onHost || 'the agent of target local has a socket of its own, which a shared configuration file cannot name';
}
