import { copyFile, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { dependenciesOf, unpackPackages } from '../../helpers/apt.ts';
import { ProvisionError } from '../../helpers/errors.ts';
import { run } from '../../helpers/exec.ts';
import { insertionOrder, readModuleTree } from '../../helpers/kernel/modules.ts';
import type { GuestKernel } from '../../helpers/target.ts';
import { KERNEL_PART } from '../kata-parts.ts';
import type { ArtefactStep } from '../step.ts';
import { fetchedSource } from './fetched-source.ts';
import { makeKataKernel, VM_FRAGMENT } from './kata-kernel.ts';
import { buildKernel } from './kernel-build.ts';
import { packages } from './packages.ts';
import { projectPath } from './project.ts';

/** What the initial RAM disk loads when it is not built in: disks, file systems, vsock, network, entropy. */
const MODULES = [
  'virtio_pci',
  'virtio_blk',
  'erofs',
  'overlay',
  'vmw_vsock_virtio_transport',
  'virtio_net',
  'virtio_rng',
] as const;

/** Carried along for those who load it: AF_VSOCK within one guest. */
const LATER = ['vsock_loopback'] as const;

/** The package that depends on the newest kernel for virtual machines, by distribution. */
const PACKAGE: Readonly<Record<string, string>> = { debian: 'linux-image-cloud-amd64', ubuntu: 'linux-image-virtual' };

type Kind = GuestKernel['kind'];

/** Files of the artefact; `later` and `modules.order` only where modules are needed. */
const IMAGE = 'vmlinuz';
const RECORD = 'kernel.json';

/** How the kernel of each kind is made, and how it is configured. */
const RECIPES: Readonly<Record<Kind, { readonly how: string; readonly configuration?: string }>> = {
  distro: { how: 'setup/steps/kernel.ts' },
  build: { how: 'setup/steps/kernel-build.ts', configuration: 'setup/guest/kernel.config' },
  source: { how: 'setup/steps/kata-kernel.ts' },
};

/** The guest's kernel: the distribution's own, unpacked, one that is built for the purpose, or upstream's. */
export const kernel: ArtefactStep = {
  kind: 'artefact',
  id: 'kernel',
  title: "the guest's kernel",
  needs: [packages, fetchedSource],
  timeoutMs: 7_200_000,
  inputs: (config, { codename, distribution }) => {
    const { configuration, how } = RECIPES[config.kernel];
    const upstream = config.kernel === 'source';
    return {
      files: {
        how: projectPath(how),
        configuration: configuration === undefined ? undefined : projectPath(configuration),
        ...(upstream
          ? {
              "calls of upstream's script": projectPath('helpers/kata/kernel-scripts.ts'),
              'how one is given': projectPath('setup/steps/given-kernel.ts'),
            }
          : {}),
        ...(upstream && config.target === 'vm' ? { 'options for target vm': VM_FRAGMENT } : {}),
      },
      ...(upstream ? { packaging: KERNEL_PART } : {}),
      values: {
        kind: config.kernel,
        distribution: `${distribution} ${codename}`,
        ...(upstream ? { given: config.givenKernel?.id ?? '' } : {}),
      },
    };
  },
  async make(directory, context) {
    const { config, host } = context;
    if (config.kernel === 'source') {
      const record: GuestKernel = { kind: 'source', ...(await makeKataKernel(directory, context)) };
      return writeFile(join(directory, RECORD), JSON.stringify(record, null, 2));
    }
    const image = join(directory, IMAGE);
    await mkdir(join(directory, 'modules'));
    await mkdir(join(directory, 'later'));
    const tree = join(directory, 'tree');
    await mkdir(tree);
    const release =
      config.kernel === 'build'
        ? await buildKernel(tree, image, context)
        : await unpackKernel(tree, directory, image, PACKAGE[host.distribution], context);
    await rm(tree, { recursive: true });
    await writeFile(join(directory, RECORD), JSON.stringify({ kind: config.kernel, release, image: IMAGE }));
  },
};

async function unpackKernel(
  tree: string,
  directory: string,
  image: string,
  name: string | undefined,
  { config, host, say, signal }: Parameters<ArtefactStep['make']>[1],
): Promise<string> {
  if (name === undefined) {
    throw new ProvisionError(
      'kernel',
      `KATA_KERNEL=distro knows no kernel of ${host.distribution}; set KATA_KERNEL=build`,
    );
  }
  const [newest] = (await dependenciesOf(name, signal)).filter((dependency) => /^linux-image-\d/.test(dependency));
  if (newest === undefined) {
    throw new ProvisionError('kernel', `the package ${name} names no kernel; run apt-get update and try again`);
  }
  say(`downloading ${newest}`);
  const modules = host.distribution === 'ubuntu' ? [newest.replace('linux-image-', 'linux-modules-')] : [];
  await unpackPackages([newest, ...modules], tree, { env: config.outbound.network, signal });
  const [boot] = (await readdir(join(tree, 'boot'))).filter((file) => file.startsWith('vmlinuz-'));
  if (boot === undefined) throw new ProvisionError('kernel', `the package ${newest} holds no /boot/vmlinuz-*`);
  const release = boot.slice('vmlinuz-'.length);
  await copyFile(join(tree, 'boot', boot), image);
  say(`choosing modules of ${release}`);
  const modulesOf = await readModuleTree(tree, release, signal);
  const first = insertionOrder(modulesOf, MODULES);
  const later = insertionOrder(modulesOf, [...MODULES, ...LATER]).slice(first.length);
  const from = join(tree, 'lib/modules', release);
  for (const file of first) await unpackModule(join(from, file), join(directory, 'modules'), signal);
  for (const file of later) await unpackModule(join(from, file), join(directory, 'later'), signal);
  await writeFile(join(directory, 'modules.order'), first.map((file) => `${plainName(file)}\n`).join(''));
  return release;
}

/** insmod of a small system reads no compressed module. */
async function unpackModule(file: string, to: string, signal: AbortSignal): Promise<void> {
  const target = join(to, plainName(file));
  if (file.endsWith('.ko')) return copyFile(file, target);
  const tool = file.endsWith('.zst') ? 'zstd' : 'xz';
  await run(['sh', '-c', `${tool} -dc "$1" > "$2"`, 'unpack', file, target], { signal });
}

function plainName(file: string): string {
  return basename(file).replace(/\.(zst|xz)$/, '');
}

/** What was made, as a target describes it. */
export async function readKernel(directory: string): Promise<GuestKernel> {
  const record = JSON.parse(await readFile(join(directory, RECORD), 'utf8')) as GuestKernel;
  return { ...record, image: join(directory, record.image) };
}
