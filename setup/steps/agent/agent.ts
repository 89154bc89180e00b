import { writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Plugin } from 'esbuild';
import protobuf from 'protobufjs';
import { VERSION } from '../../../fixtures/stand-in-agent/boot/log.ts';
import type { ServiceRoots } from '../../../fixtures/stand-in-agent/services/services.ts';
import { isCdhMutant } from '../../../helpers/contract/cdh-mutant.ts';
import { isInputSwap } from '../../../helpers/contract/input-swap.ts';
import { isPolicySwap } from '../../../helpers/contract/policy-swap.ts';
import type { AgentUnderTest } from '../../../helpers/contract/target.ts';
import { protoFilesIn } from '../../../protos/find.ts';
import { bundle } from '../../engine/bundle.ts';
import { projectPath } from '../../project.ts';
import type { ArtefactStep } from '../../step.ts';

const ENTRY = projectPath('fixtures/stand-in-agent/boot/stand-in-agent.ts');
const MUTATION = 'setup/mutants/plugin.ts';
const BUNDLE = 'stand-in-agent.mjs';
/**
 * Name of the file with the stand-in agent's protos as JSON, beside its bundle: parsing .proto files would take longer
 * than the rest of the agent's start.
 */
const PROTOS = 'protos.json';

/** Step that builds the stand-in agent: one file that Node.js runs, and its protos in a second one. */
export const standInAgent: ArtefactStep<AgentUnderTest> = {
  kind: 'artefact',
  id: 'stand-in-agent',
  module: import.meta.url,
  title: 'stand-in agent',
  needs: () => [],
  timeoutMs: 60_000,
  inputs({ mutant }) {
    const edit = editOf(mutant);
    return edit === undefined ? { without: [MUTATION] } : { values: { mutant: edit } };
  },
  async make(directory, { config, say }) {
    say('bundling');
    const edit = editOf(config.mutant);
    await writeStandIn(directory, edit === undefined ? [] : [await mutationOf(edit)]);
  },
  read: (directory) => ({
    kind: 'stand-in',
    version: VERSION,
    generation: 'skopeo',
    path: join(directory, BUNDLE),
  }),
};

/**
 * Writes the stand-in agent's files into a directory, changed by bundler plugins. Returns the path that Node.js runs.
 */
export async function writeStandIn(directory: string, plugins: Parameters<typeof bundle>[2] = []): Promise<string> {
  const path = join(directory, BUNDLE);
  await bundle(ENTRY, path, plugins);
  await writeFile(join(directory, PROTOS), JSON.stringify(await serviceRoots()));
  return path;
}

/** The mutant, if it is an edit of the stand-in agent. */
function editOf(mutant: string | undefined): string | undefined {
  return isPolicySwap(mutant) || isInputSwap(mutant) || isCdhMutant(mutant) ? undefined : mutant;
}

async function mutationOf(name: string): Promise<Plugin> {
  const { mutation } = await import('../../mutants/plugin.ts');
  return mutation(name);
}

/** Declarations of each of the agent's services with only the protos it needs. */
export async function serviceRoots(): Promise<ServiceRoots> {
  const directory = projectPath('protos/skopeo');
  const roots: [string, protobuf.INamespace][] = [];
  for (const file of protoFilesIn(directory)) {
    const root = new protobuf.Root();
    root.resolvePath = (_origin, target) => (target.startsWith('google/') ? target : join(directory, target));
    await root.load(basename(file));
    for (const service of servicesOf(root)) roots.push([service.fullName.slice(1), root.toJSON()]);
  }
  return Object.fromEntries(roots);
}

function servicesOf(namespace: protobuf.NamespaceBase): protobuf.Service[] {
  return namespace.nestedArray.flatMap((nested) => {
    if (nested instanceof protobuf.Service) return [nested];
    return nested instanceof protobuf.Namespace ? servicesOf(nested) : [];
  });
}
