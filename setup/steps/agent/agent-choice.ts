import type { AgentUnderTest } from '../../../helpers/contract/target.ts';
import type { ResolvedConfig } from '../../config/resolve.ts';
import type { Step } from '../../step.ts';
import { standIn, standInAgent } from './agent.ts';
import { builtAgent, customAgent, readBuiltAgent } from './kata-agent.ts';

/** The step that provides the agent. An unresolved `auto` means the stand-in, which is always available. */
export function agentStep({ agent }: Pick<ResolvedConfig, 'agent'>): Step {
  if (agent === 'source') return builtAgent;
  return isStandIn({ agent }) ? standInAgent : customAgent;
}

export function isStandIn({ agent }: Pick<ResolvedConfig, 'agent'>): boolean {
  return agent === 'stand-in' || agent === 'auto';
}

/** Describes the agent under test, from the result of the step that provides it. */
export async function agentUnderTest(
  { agent }: Pick<ResolvedConfig, 'agent'>,
  result: <Out>(step: Step<Out>) => Out,
): Promise<AgentUnderTest> {
  if (agent === 'source') return readBuiltAgent(result(builtAgent));
  return isStandIn({ agent }) ? standIn(result(standInAgent)) : result(customAgent);
}
