import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { GuestKernel } from '../../../helpers/contract/target.ts';
import { KERNEL_PART, sourceDigest } from '../../config/source-paths.ts';
import type { ArtefactStep } from '../../step.ts';
import { packages } from '../packages.ts';
import { fetchedSource } from '../source/fetched-source.ts';

type Kind = GuestKernel['kind'];

/** File names in the guest kernel's artefact; `later` and `modules.order` exist only where modules are needed. */
const IMAGE = 'vmlinuz';
const RECORD = 'kernel.json';

/**
 * The module of this project that builds a kernel of each kind; for one kind, the other modules are no input of the
 * artefact.
 */
const MAKERS: Readonly<Record<Kind, string>> = {
  distro: 'setup/steps/kernel/distro-kernel.ts',
  build: 'setup/steps/kernel/kernel-build.ts',
  source: 'setup/steps/kernel/kata-kernel.ts',
};

/**
 * Step that provides the guest's kernel: the distribution's package, the distribution's source with our configuration,
 * or upstream's.
 */
export const kernel: ArtefactStep = {
  kind: 'artefact',
  id: 'kernel',
  module: import.meta.url,
  title: 'guest kernel',
  needs: [packages, fetchedSource],
  timeoutMs: 7_200_000,
  inputs: (config, { codename, distribution }) => {
    const upstream = config.kernel === 'source';
    return {
      without: [
        ...Object.values(MAKERS).filter((maker) => maker !== MAKERS[config.kernel]),
        ...(upstream && config.target !== 'vm' ? ['setup/steps/kernel/kernel-fragment.ts'] : []),
      ],
      digests: upstream ? { packaging: () => sourceDigest(KERNEL_PART, config.packaging, config) } : {},
      values: {
        kind: config.kernel,
        distribution: `${distribution} ${codename}`,
        ...(upstream ? { given: config.customKernel?.id ?? '', 'for target vm': String(config.target === 'vm') } : {}),
      },
    };
  },
  async make(directory, context) {
    const { kernel: kind } = context.config;
    if (kind === 'source') {
      const { makeKataKernel } = await import('./kata-kernel.ts');
      const record: GuestKernel = { kind, ...(await makeKataKernel(directory, context)) };
      return writeFile(join(directory, RECORD), JSON.stringify(record, null, 2));
    }
    const image = join(directory, IMAGE);
    await mkdir(join(directory, 'modules'));
    await mkdir(join(directory, 'later'));
    const tree = join(directory, 'tree');
    await mkdir(tree);
    const release =
      kind === 'build'
        ? await (await import('./kernel-build.ts')).buildKernel(tree, image, context)
        : await (await import('./distro-kernel.ts')).unpackKernel(tree, directory, image, context);
    await rm(tree, { recursive: true });
    await writeFile(join(directory, RECORD), JSON.stringify({ kind, release, image: IMAGE }));
  },
};

/** Reads the guest kernel's artefact. */
export async function readKernel(directory: string): Promise<GuestKernel> {
  const record = JSON.parse(await readFile(join(directory, RECORD), 'utf8')) as GuestKernel;
  return { ...record, image: join(directory, record.image) };
}
