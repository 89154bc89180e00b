import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ReusePort } from '../../../helpers/contract/target.ts';
import { messageOf, ProvisionError } from '../../../helpers/errors.ts';
import { readIfThere } from '../../../helpers/files.ts';
import { insistsOnReusePort, ttrpcVersionIn } from '../../../helpers/kata/ttrpc-crate.ts';
import { run } from '../../../helpers/process/exec.ts';
import { projectPath } from '../../project.ts';
import type { ArtefactStep } from '../../step.ts';
import { packages } from '../packages.ts';
import { agentStep } from './agent-choice.ts';

const SOURCE = projectPath('setup/guest/allow-reuseport.c');
/** File names in the artefact; it is empty for an agent that does not need the program. */
const PROGRAM = 'allow-reuseport';
const TTRPC = 'ttrpc';

/**
 * Step that compiles the program which lets a kata-agent with an old ttrpc crate listen on today's kernels. Its result
 * is `undefined` for agents that do not need it.
 */
export const reusePort: ArtefactStep<ReusePort | undefined> = {
  kind: 'artefact',
  id: 'reuse-port',
  module: import.meta.url,
  title: 'SO_REUSEPORT program',
  needs: (config) => [packages, agentStep(config)],
  timeoutMs: 60_000,
  // An agent that set-up built is identified by the inputs of its step, the user's own by its contents.
  inputs: ({ agent }) => ({ files: { 'the agent': agent === 'source' ? undefined : agent } }),
  async make(directory, { config, host, result, signal }) {
    const ttrpc = ttrpcVersionIn(await readFile(result(agentStep(config)).path));
    if (ttrpc === undefined || !insistsOnReusePort(ttrpc)) return;
    const { gcc } = host.tools;
    const why = `the agent's ttrpc crate ${ttrpc} insists on SO_REUSEPORT, and the program that allows it must be compiled`;
    if (gcc === undefined) throw new ProvisionError('reuse-port', `${why}: install gcc and libc6-dev`);
    await compileReusePort(gcc, join(directory, PROGRAM), signal).catch((cause: unknown) => {
      throw new ProvisionError('reuse-port', `${why}: ${messageOf(cause)}`, { cause });
    });
    await writeFile(join(directory, TTRPC), ttrpc);
  },
  async read(directory) {
    const ttrpc = await readIfThere(join(directory, TTRPC));
    return ttrpc === undefined ? undefined : { ttrpc, program: join(directory, PROGRAM) };
  },
};

/** Compiles the program, linked statically, so that it runs in every guest. */
export async function compileReusePort(gcc: string, program: string, signal?: AbortSignal): Promise<void> {
  await run([gcc, '-static', '-O2', '-Wall', '-Wextra', '-Werror', '-o', program, SOURCE], { signal });
}
