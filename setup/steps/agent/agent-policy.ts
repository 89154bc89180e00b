import { ConfigError } from '../../../helpers/errors.ts';
import { whyPolicyFails } from '../../../helpers/oci/skopeo.ts';
import type { ServiceStep } from '../../step.ts';
import { packages } from '../packages.ts';
import { agentOf, stepsOfAgent } from './agent-protos.ts';

/**
 * Step that checks whether skopeo can load the user's policy, if the agent pulls with skopeo. The guest has this
 * machine's skopeo; one that is older than the policy's format rejects every image.
 */
export const agentPolicy: ServiceStep<void> = {
  kind: 'service',
  id: 'agent-policy',
  module: import.meta.url,
  title: "the guest's policy with skopeo",
  quiet: true,
  needs: (config) => [packages, ...stepsOfAgent(config)],
  timeoutMs: 30_000,
  async start(context) {
    const { policy } = context.config;
    if (policy === undefined) return;
    const { generation } = await agentOf(context);
    if (generation !== 'skopeo') return;
    const problem = await whyPolicyFails(policy, context.signal);
    if (problem !== undefined) throw new ConfigError(`KATA_POLICY=${policy}: ${problem}`);
  },
};
