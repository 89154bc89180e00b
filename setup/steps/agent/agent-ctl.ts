import { join } from 'node:path';
import { ProvisionError } from '../../../helpers/errors.ts';
import { fileExists } from '../../../helpers/files.ts';
import type { ResolvedConfig } from '../../config/resolved.ts';
import { AGENT_CTL_PART } from '../../config/source-paths.ts';
import type { ArtefactStep, Step, StepContext } from '../../step.ts';
import { packages } from '../packages.ts';
import { fetchedSource } from '../source/fetched-source.ts';
import { cargoInputs, compileCrate, kataSourceOf, withSource } from '../source/kata-source.ts';

const BINARY = 'kata-agent-ctl';

/** Directories of the crate agent-ctl in Kata's source, the newer location first. */
const CRATES = ['src/tools/agent-ctl', 'tools/agent-ctl'];

/** Step that builds kata-agent-ctl, upstream's own client for the agent, from the same source as the agent. */
const builtAgentCtl: ArtefactStep = {
  kind: 'artefact',
  id: 'agent-ctl',
  module: import.meta.url,
  title: 'kata-agent-ctl from source',
  needs: () => [packages, fetchedSource],
  timeoutMs: 1_800_000,
  inputs: (config) => cargoInputs(AGENT_CTL_PART, config),
  async make(directory, context) {
    const source = kataSourceOf(context.config, 'agent-ctl');
    await withSource(directory, source, context, async (checkout) => {
      await compileCrate(await crateIn(checkout), join(directory, BINARY), source, context);
    });
  },
  read: (directory) => join(directory, BINARY),
};

async function crateIn(checkout: string): Promise<string> {
  for (const crate of CRATES) if (await fileExists(join(checkout, crate))) return join(checkout, crate);
  throw new ProvisionError('agent-ctl', `this Kata source has no agent-ctl: neither ${CRATES.join(' nor ')} exists`);
}

type AgentCtlSetting = Pick<ResolvedConfig, 'agentCtl'>;

/** The steps that build kata-agent-ctl; none if the user provides a kata-agent-ctl, or if none is used. */
export function agentCtlSteps({ agentCtl }: AgentCtlSetting): readonly Step[] {
  return agentCtl === 'source' ? [builtAgentCtl] : [];
}

/** Path of kata-agent-ctl; `undefined` if the configuration has none. */
export function agentCtlOf(
  { agentCtl }: AgentCtlSetting,
  { result }: Pick<StepContext, 'result'>,
): { readonly agentCtl?: string } {
  if (agentCtl === undefined) return {};
  return { agentCtl: agentCtl === 'source' ? result(builtAgentCtl) : agentCtl };
}
