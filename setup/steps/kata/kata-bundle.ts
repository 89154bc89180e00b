import { copyFile, cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { AgentUnderTest } from '../../../helpers/contract/target.ts';
import { ConfigError } from '../../../helpers/errors.ts';
import { fileExists } from '../../../helpers/files.ts';
import type { Config } from '../../config/config.ts';
import { withNeeds } from '../../engine/step.ts';
import type { ArtefactStep, Step } from '../../step.ts';
import { builtAgent, readBuiltAgent } from '../agent/kata-agent.ts';
import { guestEtc } from '../images/guest-etc.ts';
import { kernelTreeIn } from '../kernel/kata-kernel.ts';
import { kernel, readKernel } from '../kernel/kernel.ts';
import { type BuiltQemu, kataQemu, readKataQemu } from '../qemu/kata-qemu.ts';
import { rootfsKind } from '../vm/rootfs.ts';
import { kataImage, kataImageIn } from './kata-image.ts';
import { kataRuntime, runtimeTreeIn } from './kata-runtime.ts';

/** Directory of Kata's kernel and image on a machine where Kata is installed. Source: upstream's makefiles. */
const KATA_SHARE = '/usr/share/kata-containers';
export const KERNEL_FILE = `${KATA_SHARE}/vmlinux.container`;
export const IMAGE_FILE = `${KATA_SHARE}/kata-containers.img`;

/** File names in the artefact of a Kata install bundle. */
const ROOT = 'root';
const DESCRIPTION = 'bundle.json';
const AGENT = 'kata-agent';
const PROTOS = 'protos';

/** A complete Kata build that can be installed on this machine, or on one that builds nothing. */
export interface KataBundle {
  /** Path of the tree to copy over `/`. */
  readonly root: string;
  readonly agent: AgentUnderTest;
  readonly kernelRelease: string;
  /** The bundle's QEMU; absent if the bundle uses the distribution's. */
  readonly qemu?: BuiltQemu;
  /** Kind of the guest's root file system: this project's, or upstream's. */
  readonly rootfs: Config['rootfs'];
  /** Set if the guest image contains a CDH and a pause bundle, so that the guest pulls every image itself. */
  readonly cdh?: true;
  /** Id of the artefact that became the guest image's /etc/containers. */
  readonly guestEtc: string;
}

export const kataBundle: ArtefactStep = {
  kind: 'artefact',
  id: 'kata-bundle',
  module: import.meta.url,
  title: 'Kata install bundle',
  needs: [builtAgent, kataRuntime, kernel, kataImage, kataQemu, guestEtc],
  timeoutMs: 120_000,
  inputs: () => ({}),
  async make(directory, { config, result }) {
    const root = join(directory, ROOT);
    await lay(runtimeTreeIn(result(kataRuntime)), root);
    await mkdir(join(root, KATA_SHARE), { recursive: true });
    const { image, release } = await readKernel(result(kernel));
    const kernelTree = await kernelTreeIn(result(kernel));
    if (kernelTree === undefined) await copyFile(image, join(root, KERNEL_FILE));
    else await lay(kernelTree, root);
    await copyFile(kataImageIn(result(kataImage)), join(root, IMAGE_FILE));
    const { path, protos = '', ...agent } = await readBuiltAgent(result(builtAgent));
    await copyFile(path, join(directory, AGENT));
    await cp(protos, join(directory, PROTOS), { recursive: true });
    const { root: qemuTree, ...qemu } = (await readKataQemu(result(kataQemu))) ?? {};
    if (qemuTree !== undefined) await lay(qemuTree, root);
    const description = {
      agent,
      kernelRelease: release,
      rootfs: rootfsKind(config),
      ...(qemuTree === undefined ? {} : { qemu }),
      ...(config.cdh === undefined ? {} : { cdh: true }),
      guestEtc: basename(result(guestEtc)),
    };
    await writeFile(join(directory, DESCRIPTION), JSON.stringify(description, null, 2));
  },
};

/** Copies a file tree over another; symbolic links are copied unchanged. */
function lay(tree: string, root: string): Promise<void> {
  return cp(tree, root, { recursive: true, verbatimSymlinks: true });
}

/** The steps that build a Kata install bundle, each after the steps it needs. */
export const BUNDLE_STEPS: readonly Step[] = withNeeds([kataBundle]);

/** Reads a Kata install bundle; `directory` may be on another machine's disk. */
export async function readBundle(directory: string): Promise<KataBundle> {
  const file = join(directory, DESCRIPTION);
  if (!(await fileExists(file))) {
    throw new ConfigError(
      `KATA_BUNDLE=${directory}: it contains no ${DESCRIPTION}; \`pnpm ccv0 build\` builds a bundle`,
    );
  }
  const { agent, ...rest } = JSON.parse(await readFile(file, 'utf8')) as Omit<KataBundle, 'root'>;
  return {
    ...rest,
    root: join(directory, ROOT),
    agent: { ...agent, path: join(directory, AGENT), protos: join(directory, PROTOS) },
  };
}
