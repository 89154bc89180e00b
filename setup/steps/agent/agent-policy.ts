import { ConfigError } from '../../../helpers/errors.ts';
import { whyPolicyFails } from '../../../helpers/toolchain/skopeo.ts';
import type { ResolvedConfig } from '../../config/resolve.ts';
import type { ServiceStep } from '../../step.ts';
import { packages } from '../packages.ts';
import { agentOf, stepsOfAgent } from './agent-protos.ts';

/**
 * Has skopeo load the policy that the user names, if the agent pulls with it: the guest's is this machine's, and an older one
 * than the policy is written for rejects every image.
 */
export function agentPolicy(config: ResolvedConfig): readonly ServiceStep<void>[] {
  const { policy } = config;
  if (policy === undefined) return [];
  return [
    {
      kind: 'service',
      id: 'agent-policy',
      module: import.meta.url,
      title: "the guest's policy with skopeo",
      quiet: true,
      needs: [packages, ...stepsOfAgent(config)],
      timeoutMs: 30_000,
      async start(context) {
        const { generation } = await agentOf(context);
        if (generation !== 'skopeo') return;
        const problem = await whyPolicyFails(policy, context.signal);
        if (problem !== undefined) throw new ConfigError(`KATA_POLICY=${policy}: ${problem}`);
      },
    },
  ];
}
