import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { GuestKernel } from '../../../helpers/contract/target.ts';
import { ProvisionError } from '../../../helpers/errors.ts';
import { KERNEL_PART, sourceDigest } from '../../config/source-paths.ts';
import type { ArtefactStep } from '../../step.ts';
import { packages } from '../packages.ts';
import { fetchedSource } from '../source/fetched-source.ts';

type Kind = GuestKernel['kind'];

/** File names in the guest kernel's artefact; `later` and `modules.order` exist only where modules are needed. */
const IMAGE = 'vmlinuz';
const RECORD = 'kernel.json';

/** A guest kernel that a step has provided, and the other files of its artefact. */
export interface BuiltKernel extends GuestKernel {
  /** Directory of the kernel's artefact, with `modules`, `later` and `modules.order` where modules are needed. */
  readonly directory: string;
  /** Path of the tree to copy over `/`; absent for a kernel that upstream's script did not build. */
  readonly tree?: string;
}

/** Content of the file that describes the kernel in its artefact; paths are relative to the artefact. */
type Described = Omit<BuiltKernel, 'directory'>;

/**
 * The module of this project that builds a kernel of each kind; for one kind, the other modules are no input of the
 * artefact.
 */
const MAKERS: Readonly<Record<Kind, string>> = {
  distro: 'setup/steps/kernel/distro-kernel.ts',
  build: 'setup/steps/kernel/distro-source-kernel.ts',
  source: 'setup/steps/kernel/kata-kernel.ts',
};

/**
 * Step that provides the guest's kernel: the distribution's package, the distribution's source with our configuration,
 * or upstream's.
 */
export const kernel: ArtefactStep<BuiltKernel> = {
  kind: 'artefact',
  id: 'kernel',
  module: import.meta.url,
  title: 'guest kernel',
  needs: () => [packages, fetchedSource],
  timeoutMs: 7_200_000,
  inputs: (config, { codename, distribution }) => {
    const upstream = config.kernel === 'source';
    return {
      without: [
        ...Object.values(MAKERS).filter((maker) => maker !== MAKERS[config.kernel]),
        ...(upstream && config.target !== 'vm' ? ['setup/steps/kernel/kernel-fragment.ts'] : []),
      ],
      digests: upstream ? { packaging: () => sourceDigest(KERNEL_PART, config.kernelBuild?.packaging, config) } : {},
      values: {
        kind: config.kernel,
        distribution: `${distribution} ${codename}`,
        ...(upstream
          ? { given: config.kernelBuild?.custom?.id ?? '', 'for target vm': String(config.target === 'vm') }
          : {}),
      },
    };
  },
  async make(directory, context) {
    const { kernel: kind, kernelBuild } = context.config;
    if (kind === 'source') {
      if (kernelBuild === undefined) throw new ProvisionError('kernel', 'KATA_KERNEL=source was not resolved');
      const { makeKataKernel } = await import('./kata-kernel.ts');
      const record: Described = { kind, ...(await makeKataKernel(directory, kernelBuild, context)) };
      return writeFile(join(directory, RECORD), JSON.stringify(record, null, 2));
    }
    const image = join(directory, IMAGE);
    await mkdir(join(directory, 'modules'));
    await mkdir(join(directory, 'later'));
    const tree = join(directory, 'tree');
    await mkdir(tree);
    const release =
      kind === 'build'
        ? await (await import('./distro-source-kernel.ts')).buildKernel(tree, image, context)
        : await (await import('./distro-kernel.ts')).unpackKernel(tree, directory, image, context);
    await rm(tree, { recursive: true });
    await writeFile(join(directory, RECORD), JSON.stringify({ kind, release, image: IMAGE }));
  },
  async read(directory) {
    const { tree, ...kernel } = JSON.parse(await readFile(join(directory, RECORD), 'utf8')) as Described;
    const at = tree === undefined ? {} : { tree: join(directory, tree) };
    return { ...kernel, ...at, directory, image: join(directory, kernel.image) };
  },
};
