import { appendFile, mkdir, readFile, realpath, rm } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { messageOf, ProvisionError } from '../../helpers/errors.ts';
import { fileExists } from '../../helpers/files.ts';
import { buildKernelCommand, KERNEL_PACKAGING, patchesFor, refusedOptions } from '../../helpers/kata/kernel-scripts.ts';
import { type KataVersions, parseVersions } from '../../helpers/kata/versions.ts';
import type { GuestKernel } from '../../helpers/target.ts';
import type { KataRevision } from '../settle.ts';
import type { StepContext } from '../step.ts';
import { type BuildLog, openBuildLog, saidBy } from './build-log.ts';
import { bringKernel } from './given-kernel.ts';
import { withSource } from './kata-source.ts';
import { NEUTRAL } from './neutral-build.ts';

/** What of the artefact is to be laid over `/`. */
const ROOT = 'root';
const INSTALLED = 'usr/share/kata-containers/vmlinux.container';

const PROGRESS_EVERY = 100;

/** One kernel in the making. */
interface Making {
  readonly checkout: string;
  readonly version: string;
  /** Where its source is, once `setup` has unpacked it. */
  readonly tree: string;
  /** Where the script finds archives it need not fetch. */
  readonly work: string;
  readonly log: BuildLog;
  readonly context: StepContext;
}

/**
 * The kernel of Kata's guests, made by upstream's own build-kernel.sh: fetched or given, patched, configured, compiled,
 * installed into the artefact. Gives what is booted, relative to the artefact.
 */
export async function makeKataKernel(directory: string, context: StepContext): Promise<Omit<GuestKernel, 'kind'>> {
  const { target, givenKernel } = context.config;
  const packaging = context.config.packaging as KataRevision;
  const log = await openBuildLog('kernel', context);
  const work = join(directory, 'work');
  await mkdir(work);
  const kernel = await withSource(directory, packaging, context, async (checkout, notes) => {
    const versions = parseVersions(await readFile(join(checkout, 'versions.yaml'), 'utf8'), packaging.name);
    const version = givenKernel === undefined ? versions.kernel : await bringKernel(givenKernel, work, context);
    const making: Making = { checkout, version, work, tree: join(work, 'kernel'), log, context };
    const changes = [
      ...notes,
      ...(givenKernel === undefined ? [] : [`Linux ${version} from ${givenKernel.path}`]),
      ...(target === 'vm' ? [await (await import('./kernel-fragment.ts')).forTargetVm(checkout)] : []),
      ...(await setUp(making, versions)),
    ];
    await compile(making);
    const image = await install(making, join(directory, ROOT));
    const release = (await readFile(join(making.tree, 'include/config/kernel.release'), 'utf8')).trim();
    return { release, image: relative(directory, image), source: packaging.name, changes };
  });
  await rm(work, { recursive: true });
  return kernel;
}

/** Where a kernel's artefact has a tree to be laid over `/`; `undefined` when it is of another kind. */
export async function kernelTreeIn(directory: string): Promise<string | undefined> {
  const tree = join(directory, ROOT);
  return (await fileExists(tree)) ? tree : undefined;
}

/**
 * Unpacks, patches and configures. For another kernel than the one Kata names, the least is done, in the copy that is
 * built: no patches where there are none for it, and options it no longer has are left out, as upstream's own list of such
 * options has it. Gives what was done, in words.
 */
async function setUp(making: Making, versions: KataVersions): Promise<string[]> {
  const { checkout, context, tree, version } = making;
  if (version === versions.kernel) {
    await script(making, 'setup').catch((problem: unknown) => {
      throw explained(problem, making);
    });
    return [];
  }
  const packaging = join(checkout, KERNEL_PACKAGING);
  const changes = [`Kata names Linux ${versions.kernel}`];
  const patches = join(packaging, 'patches', patchesFor(version));
  if (!(await fileExists(patches))) {
    await mkdir(patches);
    changes.push(`Kata has no patches for ${patchesFor(version)}`);
  }
  try {
    await script(making, 'setup');
  } catch (error) {
    const refused = refusedOptions(saidBy(error));
    if (refused.length === 0 || context.signal.aborted) throw error;
    context.say(`Linux ${version} does not take ${refused.length} options of Kata's configuration; leaving them out`);
    await appendFile(join(packaging, 'configs/fragments/whitelist.conf'), refused.map((name) => `${name}\n`).join(''));
    await rm(tree, { recursive: true });
    await script(making, 'setup');
    changes.push(`without ${refused.join(', ')}, which Linux ${version} does not take`);
  }
  return changes;
}

/** With the remedy, where a kernel cannot be fetched. */
function explained(problem: unknown, { context, version }: Making): unknown {
  if (context.config.givenKernel !== undefined || !/curl: \(\d+\)/.test(saidBy(problem))) return problem;
  const remedy = `Linux ${version} cannot be fetched; KATA_KERNEL_SOURCE takes one that is here.`;
  return new ProvisionError('kernel', `${remedy} ${messageOf(problem)}`, { cause: problem });
}

async function compile(making: Making): Promise<void> {
  let steps = 0;
  await script(making, 'build', {}, () => {
    steps += 1;
    if (steps % PROGRESS_EVERY === 0) making.context.say(`compiling: ${steps} steps`);
  });
}

/** Gives the file that is booted: uncompressed, with a PVH entry. */
async function install(making: Making, root: string): Promise<string> {
  await script(making, 'install', { DESTDIR: root, PREFIX: '/usr' });
  const image = join(root, INSTALLED);
  if (!(await fileExists(image))) throw new ProvisionError('kernel', `build-kernel.sh installed no ${INSTALLED}`);
  return realpath(image);
}

async function script(
  making: Making,
  command: 'setup' | 'build' | 'install',
  env: Readonly<Record<string, string>> = {},
  onLine?: (line: string) => void,
): Promise<void> {
  const { checkout, context, log, version, work } = making;
  if (command === 'setup') context.say(`Linux ${version}: unpacking, patching and configuring by upstream's script`);
  await log.run(`build-kernel.sh ${command}`, buildKernelCommand(checkout, command, making), {
    cwd: work,
    env: { ...context.config.outbound.network, ...NEUTRAL, ...env },
    ...(onLine ? { onLine } : {}),
  });
}
