import type { AgentUnderTest, Generation } from '../../../helpers/contract/target.ts';
import { ConfigError } from '../../../helpers/errors.ts';
import type { ResolvedConfig } from '../../config/resolved.ts';
import type { ServiceStep, Step, StepContext } from '../../step.ts';
import { kataBundle } from '../kata/kata-bundle.ts';
import { bundleOf } from '../kata/kata-installation.ts';
import { agentStep } from './agent-choice.ts';

/** Step that checks that the protos of `KATA_PROTOS` are of the agent's generation, as soon as the agent is available. */
export const agentProtos: ServiceStep<void> = {
  kind: 'service',
  id: 'agent-protos',
  module: import.meta.url,
  title: 'agent protos',
  quiet: true,
  needs: stepsOfAgent,
  timeoutMs: 30_000,
  async start(context) {
    const { protos: directory } = context.config;
    if (directory === undefined) return;
    const agent = await agentOf(context);
    // Imported dynamically: loading gRPC is slow, and runs without KATA_PROTOS do not need it here.
    const { loadAgentProtos } = await import('../../../protos/load.ts');
    const { generation } = loadAgentProtos({ generation: agent.generation, directory });
    const problem = whyOtherGeneration(generation, agent, directory);
    if (problem !== undefined) throw new ConfigError(problem);
  },
};

/** The steps after which the agent is known. */
export function stepsOfAgent(config: ResolvedConfig): readonly Step[] {
  if (config.target !== 'kata') return [agentStep(config)];
  return config.bundle === undefined ? [kataBundle] : [];
}

/** The agent that the previous steps have provided. */
export async function agentOf(context: Pick<StepContext, 'config' | 'result'>): Promise<AgentUnderTest> {
  const { config, result } = context;
  return config.target === 'kata' ? (await bundleOf(context)).agent : result(agentStep(config));
}

const GENERATIONS: Readonly<Record<Generation, string>> = {
  skopeo: 'skopeo (grpc.Image, pulls images with skopeo)',
  'image-rs': 'image-rs (grpc.Image, pulls images with image-rs)',
  'guest-pull': 'guest-pull (no grpc.Image, as on main)',
};

/** Whether agents of a generation have `grpc.Image`. */
export function declaresImageService(generation: Generation): boolean {
  return generation !== 'guest-pull';
}

/**
 * Why the protos in a directory do not fit an agent; `undefined` if they do. Agents of the generations skopeo and
 * image-rs have the same protos.
 */
export function whyOtherGeneration(
  protos: Generation,
  { generation, kind, version }: Pick<AgentUnderTest, 'generation' | 'kind' | 'version'>,
  directory: string,
): string | undefined {
  if (declaresImageService(protos) === declaresImageService(generation)) return undefined;
  const ofProtos = declaresImageService(protos) ? 'skopeo or image-rs (grpc.Image)' : GENERATIONS[protos];
  const name = kind === 'stand-in' ? 'the stand-in agent' : `kata-agent ${version}`;
  const remedies = [
    'unset KATA_PROTOS, or set it to a checkout of the revision that the agent was built from',
    "or test that checkout's agent: KATA_AGENT=source with katacontainers_repo and katacontainers_branch, or KATA_AGENT=/path/to/kata-agent",
  ];
  return [
    `KATA_PROTOS=${directory}: these protos are of generation ${ofProtos}, but ${name} is of generation ${GENERATIONS[generation]}`,
    ...remedies,
  ].join('; ');
}
