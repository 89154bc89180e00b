import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AgentUnderTest } from '../../../helpers/contract/target.ts';
import { ProvisionError } from '../../../helpers/errors.ts';
import { fileExists } from '../../../helpers/files.ts';
import { sandboxOf } from '../../../helpers/isolation/source-sandbox.ts';
import { generationOfSource } from '../../../helpers/kata/generation.ts';
import { findProtoDirectory } from '../../../protos/find.ts';
import { agentBuildInputs, agentProfile } from '../../config/agent-build-inputs.ts';
import { AGENT_PART } from '../../config/source-paths.ts';
import type { ArtefactStep } from '../../step.ts';
import { packages } from '../packages.ts';
import { fetchedSource } from '../source/fetched-source.ts';
import { cargoInputs, kataSourceOf, withKeptSource, withSource } from '../source/kata-source.ts';
import { version } from './agent-version.ts';
import { compileAgent } from './compile-agent.ts';
import { needsPolicy, POLICY, policyOfSource } from './default-policy.ts';

/** File names in the artefact of the built agent. */
const BINARY = 'kata-agent';
const PROTOS = 'protos';
const DESCRIPTION = 'agent.json';

/** Content of the file that describes the agent in its artefact. */
type Described = Omit<AgentUnderTest, 'defaultPolicy' | 'kind' | 'path' | 'protos'>;

/** Calls `build` with the files of the agent's source: kept from build to build in the profile dev, which compiles only what changed. */
function sourceFor(
  directory: string,
  context: Parameters<typeof withKeptSource>[1],
  build: (checkout: string, notes: readonly string[]) => Promise<void>,
): Promise<void> {
  const source = kataSourceOf(context.config, 'agent');
  return agentProfile(context.config) === 'dev'
    ? withKeptSource(source, context, build)
    : withSource(directory, source, context, build);
}

/** Step that builds the agent of a Kata repository with cargo, as upstream's release scripts do. */
export const builtAgent: ArtefactStep<AgentUnderTest> = {
  kind: 'artefact',
  id: 'kata-agent',
  module: import.meta.url,
  title: 'kata-agent from source',
  needs: () => [packages, fetchedSource],
  timeoutMs: 3_600_000,
  inputs: (config) => cargoInputs(AGENT_PART, config, agentBuildInputs(config)),
  async make(directory, context) {
    const { config, signal } = context;
    const source = kataSourceOf(config, 'agent');
    await sourceFor(directory, context, async (checkout, notes) => {
      if (!(await fileExists(join(checkout, 'src/agent')))) {
        throw new ProvisionError('agent', `${source.name} has no src/agent; expected a commit of Kata`);
      }
      // Protos, generation and policy are read before the build, which could change them.
      const protos = findProtoDirectory(join(checkout, 'src'));
      await cp(protos, join(directory, PROTOS), { recursive: true });
      const generation = await generationOfSource(checkout, protos);
      const policy = await policyOfSource(checkout, protos);
      const { changes, ...built } = await compileAgent(checkout, join(directory, BINARY), source, context);
      const found = await version(join(directory, BINARY), signal, await sandboxOf(config.buildIsolation, []));
      const used = needsPolicy(found) ? policy : undefined;
      if (used !== undefined) await writeFile(join(directory, POLICY), used.text);
      const description = {
        ...found,
        ...built,
        generation,
        source: source.name,
        changes: [...notes, ...changes, ...(used?.change === undefined ? [] : [used.change])],
      };
      await writeFile(join(directory, DESCRIPTION), JSON.stringify(description, null, 2));
    });
  },
  async read(directory) {
    const description = JSON.parse(await readFile(join(directory, DESCRIPTION), 'utf8')) as Described;
    return {
      ...description,
      ...(needsPolicy(description) ? { defaultPolicy: join(directory, POLICY) } : {}),
      kind: 'kata-agent',
      path: join(directory, BINARY),
      protos: join(directory, PROTOS),
    };
  },
};
