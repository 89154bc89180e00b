import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '../../../helpers/process/exec.ts';
import type { ArtefactStep } from '../../step.ts';
import { packages } from '../packages.ts';
import { images } from './images.ts';

/** Directory in which agents of main look for the pause bundle. Source: src/agent/src/confidential_data_hub. */
export const PAUSE_BUNDLE = 'pause_bundle';

const KEPT: readonly string[] = ['config.json', 'rootfs'];

/**
 * Step that builds the pause bundle of a guest that takes no image from the host: the image `pause`, unpacked by umoci,
 * as in upstream's rootfs. The agent reads the process from the bundle's config.json and copies that one program.
 */
export const pauseBundle: ArtefactStep = {
  kind: 'artefact',
  id: 'pause-bundle',
  module: import.meta.url,
  title: 'guest pause bundle',
  needs: () => [packages, images],
  timeoutMs: 60_000,
  inputs: () => ({}),
  async make(directory, { result, signal }) {
    const bundle = join(directory, PAUSE_BUNDLE);
    await run(['umoci', 'unpack', '--image', `${result(images).layout}:pause`, bundle], { signal });
    for (const name of await readdir(bundle)) {
      if (!KEPT.includes(name)) await rm(join(bundle, name), { recursive: true });
    }
  },
  read: (directory) => join(directory, PAUSE_BUNDLE),
};
