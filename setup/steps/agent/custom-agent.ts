import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AgentUnderTest } from '../../../helpers/contract/target.ts';
import { messageOf, ProvisionError } from '../../../helpers/errors.ts';
import { allowEveryRequest, policyRules } from '../../../helpers/kata/default-policy.ts';
import { generationOfBinary } from '../../../helpers/kata/generation.ts';
import { describeProtos } from '../../../protos/describe.ts';
import { findProtoDirectory } from '../../../protos/find.ts';
import type { Config } from '../../config/validated.ts';
import { projectPath } from '../../project.ts';
import type { ServiceStep } from '../../step.ts';
import { whyNotRunnable } from '../custom-program.ts';
import { version } from './agent-version.ts';
import { needsPolicy, POLICY } from './default-policy.ts';

const OUR_PROTOS = projectPath('protos/main');

/** Step that provides the user's own kata-agent; `--version` gives its version. */
export const customAgent: ServiceStep<AgentUnderTest> = {
  kind: 'service',
  id: 'agent',
  module: import.meta.url,
  title: 'kata-agent',
  needs: () => [],
  timeoutMs: 10_000,
  async start({ config, runDir, signal }) {
    const { agent: path } = config;
    const problem = await whyNotRunnable(path);
    if (problem !== undefined) throw new ProvisionError('agent', `KATA_AGENT=${path}: ${problem}`);
    const found = await version(path, signal).catch((cause: unknown) => {
      if (cause instanceof ProvisionError) throw cause;
      throw new ProvisionError('agent', `KATA_AGENT=${path}: --version failed: ${messageOf(cause)}`, { cause });
    });
    const agent = { kind: 'kata-agent', ...found, generation: await generationOfBinary(path), path } as const;
    if (!needsPolicy(found)) return agent;
    const defaultPolicy = join(runDir, POLICY);
    await writeFile(defaultPolicy, policyOfCustomAgent(config));
    return { ...agent, defaultPolicy };
  },
};

/**
 * The default policy in guests with the user's own agent, if that has the feature agent-policy: all such agents are of
 * generation guest-pull.
 */
export function policyOfCustomAgent({ protos }: Pick<Config, 'protos'>): string {
  const directory = protos === undefined ? OUR_PROTOS : findProtoDirectory(protos);
  return allowEveryRequest(policyRules(describeProtos(directory))).text;
}
