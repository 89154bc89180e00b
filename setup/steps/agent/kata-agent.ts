import { cp, open, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AgentUnderTest } from '../../../helpers/contract/target.ts';
import { messageOf, ProvisionError } from '../../../helpers/errors.ts';
import { agentFeatures } from '../../../helpers/kata/features.ts';
import { generationOfBinary, generationOfSource, parseAgentVersion } from '../../../helpers/kata/generation.ts';
import { HEADER_BYTES, whyNoProgram } from '../../../helpers/process/elf.ts';
import { run } from '../../../helpers/process/exec.ts';
import { findProtoDirectory } from '../../../protos/find.ts';
import { AGENT_PART, sourceDigest } from '../../config/source-paths.ts';
import type { ArtefactStep, ServiceStep } from '../../step.ts';
import { packages } from '../packages.ts';
import { fetchedSource } from '../source/fetched-source.ts';
import { compileCrate, kataSourceOf, withSource } from '../source/kata-source.ts';

/** File names in the artefact of the built agent. */
const BINARY = 'kata-agent';
const PROTOS = 'protos';
const DESCRIPTION = 'agent.json';

/** Content of the file that describes the agent in its artefact. */
type Described = Omit<AgentUnderTest, 'kind' | 'path' | 'protos'>;

const VERSION_TIMEOUT_MS = 8_000;

/** Description of the agent feature that this build leaves out, and why. */
const WITHOUT = 'without the feature seccomp: libseccomp would have to be in every guest';

/** Step that builds the agent of a Kata repository with cargo, linked with this distribution's C library. */
export const builtAgent: ArtefactStep<AgentUnderTest> = {
  kind: 'artefact',
  id: 'kata-agent',
  module: import.meta.url,
  title: 'kata-agent from source',
  needs: () => [packages, fetchedSource],
  timeoutMs: 1_800_000,
  inputs: (config) => ({
    digests: { source: () => sourceDigest(AGENT_PART, config.source, config) },
    values: { cargo: config.source?.cargo.version ?? '' },
  }),
  async make(directory, context) {
    const { signal } = context;
    const source = kataSourceOf(context.config, 'agent');
    await withSource(directory, source, context, async (checkout, notes) => {
      const crate = join(checkout, 'src/agent');
      await run(['make', '-C', crate, 'src/version.rs'], { signal });
      const changes = await compileCrate(crate, join(directory, BINARY), source, context);
      const protos = findProtoDirectory(join(checkout, 'src'));
      await cp(protos, join(directory, PROTOS), { recursive: true });
      const description = {
        ...(await version(join(directory, BINARY), signal)),
        generation: await generationOfSource(checkout, protos),
        source: source.name,
        changes: [WITHOUT, ...notes, ...changes],
      };
      await writeFile(join(directory, DESCRIPTION), JSON.stringify(description, null, 2));
    });
  },
  async read(directory) {
    const description = JSON.parse(await readFile(join(directory, DESCRIPTION), 'utf8')) as Described;
    return { ...description, kind: 'kata-agent', path: join(directory, BINARY), protos: join(directory, PROTOS) };
  },
};

/** Step that provides the user's own kata-agent; `--version` gives its version. */
export const customAgent: ServiceStep<AgentUnderTest> = {
  kind: 'service',
  id: 'agent',
  module: import.meta.url,
  title: 'kata-agent',
  needs: () => [],
  timeoutMs: 10_000,
  async start({ config: { agent: path }, signal }) {
    const problem = whyNoProgram(await beginning(path), process.arch);
    if (problem !== undefined) throw new ProvisionError('agent', `KATA_AGENT=${path}: ${problem}`);
    const found = await version(path, signal).catch((cause: unknown) => {
      if (cause instanceof ProvisionError) throw cause;
      throw new ProvisionError('agent', `KATA_AGENT=${path}: --version failed: ${messageOf(cause)}`, { cause });
    });
    return { kind: 'kata-agent', ...found, generation: await generationOfBinary(path), path };
  },
};

async function beginning(path: string): Promise<Buffer> {
  await using file = await open(path);
  const { buffer, bytesRead } = await file.read(Buffer.alloc(HEADER_BYTES));
  return buffer.subarray(0, bytesRead);
}

async function version(
  path: string,
  signal: AbortSignal,
): Promise<Pick<AgentUnderTest, 'version' | 'commit' | 'features'>> {
  const { stdout } = await run([path, '--version'], { signal, timeoutMs: VERSION_TIMEOUT_MS });
  const found = parseAgentVersion(stdout);
  if (found === undefined) {
    const said = JSON.stringify(stdout.split('\n', 1)[0]);
    throw new ProvisionError('agent', `KATA_AGENT=${path} is not a kata-agent: --version prints ${said}`);
  }
  return { ...found, features: await agentFeatures(stdout, path) };
}
