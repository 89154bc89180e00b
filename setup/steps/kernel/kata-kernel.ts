import { appendFile, mkdir, readFile, realpath, rm } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { GuestKernel } from '../../../helpers/contract/target.ts';
import { messageOf, ProvisionError } from '../../../helpers/errors.ts';
import { fileExists } from '../../../helpers/files.ts';
import {
  buildKernelCommand,
  KERNEL_PACKAGING,
  missingOptions,
  patchesFor,
} from '../../../helpers/kata/kernel-scripts.ts';
import { type KataVersions, parseVersions } from '../../../helpers/kata/versions.ts';
import type { KernelOrigin } from '../../config/resolved.ts';
import type { StepContext } from '../../step.ts';
import { type BuildLog, openBuildLog, saidBy } from '../source/build-log.ts';
import { withSource } from '../source/kata-source.ts';
import { NEUTRAL } from '../source/neutral-build.ts';
import { packKernelSource } from './given-kernel.ts';

/** Directory of the kernel's artefact that is copied over `/`. */
const ROOT = 'root';
const INSTALLED = 'usr/share/kata-containers/vmlinux.container';

const PROGRESS_EVERY = 100;

/** The state of a running kernel build. */
interface KernelBuild {
  readonly checkout: string;
  readonly version: string;
  /** Directory of the kernel source, once `setup` has unpacked it. */
  readonly tree: string;
  /** Directory in which build-kernel.sh looks for archives before it fetches them. */
  readonly work: string;
  readonly log: BuildLog;
  readonly context: StepContext;
}

/**
 * Builds the kernel of Kata's guests with upstream's build-kernel.sh: fetches the source or takes the user's, patches,
 * configures and compiles it, and installs the kernel into the artefact. Returns the paths, relative to the artefact, of
 * the image to boot and of the tree to copy over `/`.
 */
export async function makeKataKernel(
  directory: string,
  { custom, packaging }: KernelOrigin,
  context: StepContext,
): Promise<Omit<GuestKernel, 'kind'> & { readonly tree: string }> {
  const { target } = context.config;
  const log = await openBuildLog('kernel', context);
  const work = join(directory, 'work');
  await mkdir(work);
  const kernel = await withSource(directory, packaging, context, async (checkout, notes) => {
    const versions = parseVersions(await readFile(join(checkout, 'versions.yaml'), 'utf8'), packaging.name);
    const version = custom === undefined ? versions.kernel : await packKernelSource(custom, work, context);
    const making: KernelBuild = { checkout, version, work, tree: join(work, 'kernel'), log, context };
    const changes = [
      ...notes,
      ...(custom === undefined ? [] : [`Linux ${version} from ${custom.path}`]),
      ...(target === 'vm' ? [await (await import('./kernel-fragment.ts')).addTargetVmOptions(checkout)] : []),
      ...(await setUp(making, versions)),
    ];
    await compile(making);
    const image = await install(making, join(directory, ROOT));
    const release = (await readFile(join(making.tree, 'include/config/kernel.release'), 'utf8')).trim();
    return { release, image: relative(directory, image), tree: ROOT, source: packaging.name, changes };
  });
  await rm(work, { recursive: true });
  return kernel;
}

/**
 * Unpacks, patches and configures the kernel source. For a kernel other than the one that Kata names, it makes the
 * fewest changes to the copy that is built: no patches if Kata has none for it, and upstream's own whitelist of lost
 * options allows those that the kernel no longer has. Returns the changes, for messages.
 */
async function setUp(making: KernelBuild, versions: KataVersions): Promise<string[]> {
  const { checkout, context, tree, version } = making;
  if (version === versions.kernel) {
    await script(making, 'setup').catch((problem: unknown) => {
      throw explained(problem, making);
    });
    return [];
  }
  const packaging = join(checkout, KERNEL_PACKAGING);
  const changes = [`Kata's versions.yaml names Linux ${versions.kernel}`];
  const patches = join(packaging, 'patches', patchesFor(version));
  if (!(await fileExists(patches))) {
    await mkdir(patches);
    changes.push(`Kata has no patches for ${patchesFor(version)}`);
  }
  try {
    await script(making, 'setup');
  } catch (error) {
    const refused = missingOptions(saidBy(error));
    if (refused.length === 0 || context.signal.aborted) throw error;
    context.say(`Linux ${version} does not have ${refused.length} options of Kata's configuration; leaving them out`);
    await appendFile(join(packaging, 'configs/fragments/whitelist.conf'), refused.map((name) => `${name}\n`).join(''));
    await rm(tree, { recursive: true });
    await script(making, 'setup');
    changes.push(`without ${refused.join(', ')}, which Linux ${version} does not have`);
  }
  return changes;
}

/** Adds the remedy to the error of a kernel that cannot be fetched. */
function explained(problem: unknown, { context, version }: KernelBuild): unknown {
  if (context.config.kernelBuild?.custom !== undefined || !/curl: \(\d+\)/.test(saidBy(problem))) return problem;
  const remedy = `Linux ${version} cannot be fetched; set KATA_KERNEL_SOURCE to a local kernel source.`;
  return new ProvisionError('kernel', `${remedy} ${messageOf(problem)}`, { cause: problem });
}

async function compile(making: KernelBuild): Promise<void> {
  let steps = 0;
  await script(making, 'build', {}, () => {
    steps += 1;
    if (steps % PROGRESS_EVERY === 0) making.context.say(`compiling: ${steps} steps`);
  });
}

/** Installs the built kernel into the artefact. Returns the image to boot: uncompressed, with a PVH entry. */
async function install(making: KernelBuild, root: string): Promise<string> {
  await script(making, 'install', { DESTDIR: root, PREFIX: '/usr' });
  const image = join(root, INSTALLED);
  if (!(await fileExists(image))) throw new ProvisionError('kernel', `build-kernel.sh installed no ${INSTALLED}`);
  return realpath(image);
}

async function script(
  making: KernelBuild,
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
