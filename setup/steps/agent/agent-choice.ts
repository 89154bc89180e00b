import type { AgentUnderTest } from '../../../helpers/contract/target.ts';
import type { ResolvedConfig } from '../../config/resolved.ts';
import type { Step } from '../../step.ts';
import { standInAgent } from './agent.ts';
import { customAgent } from './custom-agent.ts';
import { builtAgent } from './kata-agent.ts';

/** The step that provides the agent. An unresolved `auto` means the stand-in, which is always available. */
export function agentStep({ agent }: Pick<ResolvedConfig, 'agent'>): Step<AgentUnderTest> {
  if (agent === 'source') return builtAgent;
  return isStandIn({ agent }) ? standInAgent : customAgent;
}

export function isStandIn({ agent }: Pick<ResolvedConfig, 'agent'>): boolean {
  return agent === 'stand-in' || agent === 'auto';
}
