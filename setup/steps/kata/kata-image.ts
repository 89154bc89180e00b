import { cp, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { padToMib, writePartitionedDisk } from '../../../helpers/disk/partitioned-disk.ts';
import { formatVerity, type VerityParameters } from '../../../helpers/disk/verity.ts';
import { fileExists, readIfThere } from '../../../helpers/files.ts';
import { run } from '../../../helpers/process/exec.ts';
import type { ResolvedConfig } from '../../config/resolved.ts';
import type { ArtefactStep } from '../../step.ts';
import { PAUSE_BUNDLE, pauseBundle } from '../images/pause-bundle.ts';
import { packages } from '../packages.ts';
import { cdhLayer, etcLayer, guestComponentsLayer, kataAgentLayer, RUN_AGENT } from '../vm/layers.ts';
import { completeTree, mergeLayers } from '../vm/root-tree.ts';
import { rootfs, rootfsKind } from '../vm/rootfs.ts';

const IMAGE = 'kata-containers.img';
const VERITY = 'verity.json';
const MIB = 2 ** 20;
const PARTITION = 510 * MIB;

/**
 * Where the CDH reads resources of offline_fs_kbc, and where they are: the root file system is read-only. Source: offline_fs.rs of
 * guest-components.
 */
const OFFLINE_FS_RESOURCES = {
  read: 'etc/aa-offline_fs_kbc-resources.json',
  written: '/run/aa-offline_fs_kbc-resources.json',
} as const;

/**
 * Step that builds the guest image for Kata's runtime: a partition with ext4. The root file system is an artefact of
 * its own, so a changed agent or policy rebuilds only this image. Upstream's image builder prepends a header for
 * NVDIMM; the runtime is configured to attach the image as a virtio disk, which has no such header. With `KATA_MEASURED_ROOTFS=yes` a second
 * partition has a hash tree, as upstream's with MEASURED_ROOTFS=yes.
 */
export const kataImage: ArtefactStep = {
  kind: 'artefact',
  id: 'kata-image',
  module: import.meta.url,
  title: 'Kata guest image',
  needs: (config) => [packages, rootfs, ...layersOf(config), pauseBundle],
  timeoutMs: 120_000,
  inputs: ({ measuredRootfs }) => (measuredRootfs ? { values: { measured: 'yes' } } : {}),
  async make(directory, { config, result, say, signal }) {
    say('merging the layers');
    const root = join(directory, 'root');
    await mergeLayers([rootfs, ...layersOf(config)].map(result), root, signal);
    if (config.cdh !== undefined) {
      await lay(result(pauseBundle), join(root, PAUSE_BUNDLE));
      await symlink(OFFLINE_FS_RESOURCES.written, join(root, OFFLINE_FS_RESOURCES.read));
      // start-cdh.sh links to the placeholder where the root file system can be written to.
      const attestationAgent = join(root, 'usr/local/bin/attestation-agent');
      if (!(await fileExists(attestationAgent))) await symlink('attestation-agent.sh', attestationAgent);
    }
    if (rootfsKind(config) === 'own') await completeTree(root);
    // The script that starts the agent is removed: with systemd, a unit starts the agent, as in upstream's guests.
    else await rm(join(root, RUN_AGENT));
    say('writing the image');
    await writeDisk(root, directory, { measured: config.measuredRootfs, signal });
    await rm(root, { recursive: true });
  },
  read: (directory) => join(directory, IMAGE),
};

/** Parameters of the hash tree of an image of {@link kataImage}; `undefined` if it has none. */
export async function verityOf(image: string): Promise<VerityParameters | undefined> {
  const text = await readIfThere(join(dirname(image), VERITY));
  return text === undefined ? undefined : (JSON.parse(text) as VerityParameters);
}

/** Layers above the root file system, lowest first. */
function layersOf({ cdh, guestComponents }: Pick<ResolvedConfig, 'cdh' | 'guestComponents'>): readonly ArtefactStep[] {
  return [
    ...(cdh === undefined ? [] : [cdhLayer]),
    ...(guestComponents === undefined ? [] : [guestComponentsLayer]),
    kataAgentLayer,
    etcLayer,
  ];
}

function lay(tree: string, at: string): Promise<void> {
  return cp(tree, at, { recursive: true, verbatimSymlinks: true });
}

/**
 * Writes the guest's disk image. Its ext4 has a journal: the runtime mounts with `data=ordered`, which the kernel
 * rejects without one.
 */
async function writeDisk(
  root: string,
  directory: string,
  { measured, signal }: { readonly measured: boolean; readonly signal: AbortSignal },
): Promise<void> {
  const image = join(directory, IMAGE);
  const [fileSystem, tree] = [join(directory, 'ext4'), join(directory, 'tree')];
  const options = ['-q', '-t', 'ext4', '-m', '0', '-b', '4096', '-E', 'root_owner=0:0'];
  await run(['mke2fs', ...options, '-d', root, fileSystem, `${PARTITION / 1_024}k`], { signal });
  const partitions = [fileSystem];
  if (measured) {
    await writeFile(join(directory, VERITY), JSON.stringify(await formatVerity(fileSystem, tree, signal)));
    await padToMib(tree);
    partitions.push(tree);
  }
  await truncate(image, (await writePartitionedDisk(image, partitions, signal)) + MIB);
}
