import { hasImageService } from '../../fixtures/pull/image-service.ts';
import type { AgentUnderTest } from '../../helpers/contract/target.ts';
import { ProvisionError } from '../../helpers/errors.ts';
import type { Agent } from '../../helpers/rpc/agent.ts';
import { declaresImageService } from '../steps/agent/agent-protos.ts';

/**
 * Checks that the agent in a guest is the one that set-up installed: by its version, and by `grpc.Image`, which only
 * generation guest-pull lacks. Rejects with {@link ProvisionError} that names both agents and the remedy.
 */
export async function checkAgent(agent: Agent, expected: AgentUnderTest, timeoutMs: number): Promise<void> {
  const { agentVersion } = await agent.version({}, { timeoutMs });
  if (agentVersion !== expected.version) {
    throw new ProvisionError(
      'agent',
      `the agent in the guest is version ${agentVersion}, but set-up installed version ${expected.version} (${expected.path}): the guest image contains another agent; remove KATA_CACHE_DIR, or the bundle, to rebuild it`,
    );
  }
  const answers = await hasImageService(agent.address, timeoutMs);
  if (answers === declaresImageService(expected.generation)) return;
  const found = answers ? 'serves grpc.Image, as generations skopeo and image-rs do' : 'has no grpc.Image';
  throw new ProvisionError(
    'agent',
    `${expected.path} was detected as an agent of generation ${expected.generation}, but the agent in the guest ${found}; set KATA_AGENT, or katacontainers_branch, to an agent that is not a mixture of both`,
  );
}
