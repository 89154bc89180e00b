import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fillRegistry } from '../../../fixtures/images/registry-content.ts';
import { startRegistry } from '../../../helpers/registry/start.ts';
import type { ArtefactStep } from '../../step.ts';
import { images, layoutIn } from './images.ts';

const PARTS = ['public', 'private'] as const;

/** Step that fills the storage of the two registries: skopeo pushes the test images once, and the storage is kept. */
export const registryStorage: ArtefactStep = {
  kind: 'artefact',
  id: 'registry-storage',
  module: import.meta.url,
  title: 'registry contents',
  needs: [images],
  timeoutMs: 240_000,
  inputs: (_config, host) => ({
    files: { registry: host.tools['docker-registry'] },
    // The module for registries in a container is no input, because such a registry stores the same as a process.
    without: ['helpers/registry/container.ts'],
  }),
  async make(directory, { config, result, runDir, say, signal }) {
    for (const part of PARTS) {
      say(`pushing the ${part} images`);
      const dir = join(runDir, `filling-${part}`);
      await mkdir(dir, { recursive: true });
      await using registry = await startRegistry({
        runner: config.registryRunner,
        engine: config.outbound.docker,
        dir,
        storage: storageIn(directory, part),
        signal,
      });
      await fillRegistry({ layout: layoutIn(result(images)), registry, part, signal });
    }
  },
};

/** Path of the storage directory of one of the two registries. */
export function storageIn(directory: string, part: (typeof PARTS)[number]): string {
  return join(directory, part);
}
