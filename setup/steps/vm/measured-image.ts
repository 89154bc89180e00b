import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { measuredBlocks } from '../../../fixtures/measured/blocks.ts';
import { UNREAD_FILE, unreadContent } from '../../../fixtures/measured/unread.ts';
import type { MeasuredImage } from '../../../helpers/contract/measured-image.ts';
import { makeAlignedErofs } from '../../../helpers/disk/erofs.ts';
import { PARTITION_START } from '../../../helpers/disk/partition.ts';
import { padToMib, writePartitionedDisk } from '../../../helpers/disk/partitioned-disk.ts';
import { formatVerity } from '../../../helpers/disk/verity.ts';
import type { ResolvedConfig } from '../../config/resolved.ts';
import type { ArtefactStep, Step, StepContext } from '../../step.ts';
import { packages } from '../packages.ts';
import { agentDiskSteps, layerSteps } from './guest-machine.ts';
import { RUN_AGENT } from './layers.ts';
import { measuredInitrd } from './measured-initrd.ts';
import { completeTree, mergeLayers } from './root-tree.ts';

const IMAGE = 'image';
const RECORD = 'image.json';

const DATA_START = PARTITION_START * 512;

/**
 * Step that builds a disk image from the layers of a guest's root file system. Its partitions are those of an image that Kata's osbuilder
 * makes with MEASURED_ROOTFS=yes. Source: setup_verity in tools/osbuilder/image-builder/image_builder.sh of Kata 4.1.0.
 */
export const measuredImage: ArtefactStep<MeasuredImage> = {
  kind: 'artefact',
  id: 'measured-image',
  module: import.meta.url,
  title: 'measured guest image',
  feature: 'measured rootfs',
  needs: (config) => [packages, ...partsOf(config)],
  timeoutMs: 300_000,
  inputs: () => ({}),
  async make(directory, { config, result, say, signal }) {
    const [root, data, tree] = [join(directory, 'root'), join(directory, 'data'), join(directory, 'tree')];
    say('merging the layers');
    await mergeLayers(partsOf(config).map(result), root, signal);
    await completeTree(root);
    await writeFile(join(root, UNREAD_FILE), unreadContent());
    say('writing the image');
    await makeAlignedErofs(root, data, signal);
    const script = await readFile(join(root, RUN_AGENT));
    await rm(root, { recursive: true });
    await padToMib(data);
    say('making the hash tree');
    const verity = await formatVerity(data, tree, signal);
    await padToMib(tree);
    const blocks = measuredBlocks(await readFile(data), { script, verity, dataStart: DATA_START });
    await writePartitionedDisk(join(directory, IMAGE), [data, tree], signal);
    await writeFile(join(directory, RECORD), JSON.stringify({ verity, blocks }));
  },
  async read(directory) {
    const record = JSON.parse(await readFile(join(directory, RECORD), 'utf8')) as Omit<MeasuredImage, 'path'>;
    return { path: join(directory, IMAGE), ...record };
  },
};

/** The steps that build the parts of the image, which come on top of each other: a measured guest has nothing on other disks. */
function partsOf(config: Parameters<typeof layerSteps>[0]): readonly ArtefactStep[] {
  return [...layerSteps(config), ...agentDiskSteps(config)];
}

type MeasuredSetting = Pick<ResolvedConfig, 'kernel' | 'measuredRootfs'>;

/** The steps that build the measured image and the initrd that mounts it; none without `KATA_MEASURED_ROOTFS=yes`. */
export function measuredSteps(config: MeasuredSetting): readonly Step[] {
  return config.measuredRootfs ? [measuredImage, ...(needsInitrd(config) ? [measuredInitrd] : [])] : [];
}

/** The measured image; empty if the configuration has none. */
export function measuredImageOf(
  config: MeasuredSetting,
  { result }: Pick<StepContext, 'result'>,
): { readonly measuredImage?: MeasuredImage } {
  if (!config.measuredRootfs) return {};
  return {
    measuredImage: { ...result(measuredImage), ...(needsInitrd(config) ? { initrd: result(measuredInitrd) } : {}) },
  };
}

/** Whether the kernel lacks DM_INIT, which needs a device mapper that is built in. */
function needsInitrd({ kernel }: MeasuredSetting): boolean {
  return kernel === 'distro';
}
