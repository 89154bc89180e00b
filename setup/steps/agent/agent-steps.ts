import type { ResolvedConfig } from '../../config/resolved.ts';
import type { Step } from '../../step.ts';
import { agentStep, isStandIn } from './agent-choice.ts';
import { reusePort } from './reuse-port.ts';

/** The step that provides the agent, and for a kata-agent the one with what it needs to listen on today's kernels. */
export function agentSteps(config: Pick<ResolvedConfig, 'agent'>): readonly Step[] {
  return isStandIn(config) ? [agentStep(config)] : [agentStep(config), reusePort];
}
