import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buildImages, IMAGES, type ImageName } from '../../fixtures/images.ts';
import { run } from '../../helpers/exec.ts';
import { writeLayout } from '../../helpers/oci/layout.ts';
import type { ArtefactStep } from '../step.ts';
import { packages } from './packages.ts';
import { projectPath } from './project.ts';

/** Files of the artefact. */
const LAYOUT = 'layout';
const DIGESTS = 'digests.json';
const ARCHIVE = 'containerd.tar';

/** What containerd has from the start: something to run, and what holds a pod together. */
const LOADED: readonly ImageName[] = ['busybox', 'pause'];

/** Every image of the catalogue as an OCI layout, their digests, and an archive for containerd. */
export const images: ArtefactStep = {
  kind: 'artefact',
  id: 'images',
  title: 'test images',
  needs: [packages],
  timeoutMs: 60_000,
  inputs: (_config, host) => ({
    files: {
      busybox: host.tools.busybox,
      catalogue: projectPath('fixtures/images.ts'),
      'OCI writer': projectPath('helpers/oci'),
    },
  }),
  async make(directory, { host, say, signal }) {
    say('building');
    const built = await buildImages(host.tools.busybox ?? 'busybox');
    await writeLayout(join(directory, LAYOUT), built);
    const digests = [...built].map(([name, image]) => [name, image.manifest.digest]);
    await writeFile(join(directory, DIGESTS), JSON.stringify(Object.fromEntries(digests), null, 2));
    const temporary = await mkdtemp(join(directory, 'archive-'));
    const loaded = LOADED.flatMap((name) => {
      const image = built.get(name);
      return image === undefined ? [] : [[IMAGES[name].reference, image] as const];
    });
    await writeLayout(temporary, new Map(loaded));
    await run(['tar', '-C', temporary, '-cf', join(directory, ARCHIVE), '.'], { signal });
    await rm(temporary, { recursive: true });
  },
};

/** The OCI layout in the artefact. */
export function layoutIn(directory: string): string {
  return join(directory, LAYOUT);
}

/** An OCI archive with the images containerd starts with. */
export function containerdArchiveIn(directory: string): string {
  return join(directory, ARCHIVE);
}

/** Manifest digests by image. */
export async function readDigests(directory: string): Promise<Readonly<Record<ImageName, string>>> {
  return JSON.parse(await readFile(join(directory, DIGESTS), 'utf8')) as Record<ImageName, string>;
}
