import type { AgentUnderTest } from '../../helpers/target.ts';
import type { Settled } from '../settle.ts';
import type { Step } from '../step.ts';
import { standIn, standInAgent } from './agent.ts';
import { builtAgent, givenAgent, readBuiltAgent } from './kata-agent.ts';

/** The step that brings the agent about. `auto` that nobody has settled is the stand-in: it can always be had. */
export function agentStep({ agent }: Pick<Settled, 'agent'>): Step {
  if (agent === 'source') return builtAgent;
  return isStandIn({ agent }) ? standInAgent : givenAgent;
}

export function isStandIn({ agent }: Pick<Settled, 'agent'>): boolean {
  return agent === 'stand-in' || agent === 'auto';
}

/** The agent that set-up has made ready. */
export async function agentUnderTest(
  { agent }: Pick<Settled, 'agent'>,
  result: <Out>(step: Step<Out>) => Out,
): Promise<AgentUnderTest> {
  if (agent === 'source') return readBuiltAgent(result(builtAgent));
  return isStandIn({ agent }) ? standIn(result(standInAgent)) : result(givenAgent);
}
