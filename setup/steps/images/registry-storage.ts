import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pushEncryptedImages } from '../../../fixtures/encryption/registry-content.ts';
import { fillRegistry } from '../../../fixtures/images/registry-content.ts';
import { startRegistry } from '../../../helpers/registry/start.ts';
import type { ArtefactStep } from '../../step.ts';
import { imageKeys } from './image-keys.ts';
import { images } from './images.ts';

const PARTS = ['public', 'private'] as const;

/** Storage directory of each registry. */
type Storages = Readonly<Record<(typeof PARTS)[number], string>>;

/** Step that fills the storage of the two registries: skopeo pushes the test images once, and
 * the storage is kept. */
export const registryStorage: ArtefactStep<Storages> = {
  kind: 'artefact',
  id: 'registry-storage',
  module: import.meta.url,
  title: 'registry contents',
  needs: () => [images, imageKeys],
  timeoutMs: 240_000,
  inputs: (_config, host) => ({
    files: { registry: host.tools['docker-registry'], busybox: host.tools.busybox },
    // The module for registries in a container is no input, because such a registry stores the same as a process.
    without: ['helpers/registry/container.ts'],
  }),
  async make(directory, { config, host, result, runDir, say, signal }) {
    for (const part of PARTS) {
      say(`pushing the ${part} images`);
      const dir = join(runDir, `filling-${part}`);
      await mkdir(dir, { recursive: true });
      await using registry = await startRegistry({
        runner: config.registryRunner,
        engine: config.outbound.docker,
        dir,
        storage: storagesIn(directory)[part],
        signal,
      });
      await fillRegistry({ layout: result(images).layout, registry, part, signal });
      if (part === 'private') continue;
      const { busybox = 'busybox' } = host.tools;
      await pushEncryptedImages(registry, { busybox, keysFile: result(imageKeys) });
    }
  },
  read: storagesIn,
};

function storagesIn(directory: string): Storages {
  return { public: join(directory, 'public'), private: join(directory, 'private') };
}
