import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buildImages, buildPlaceholders, IMAGES } from '../../../fixtures/images/catalogue.ts';
import type { ImageName } from '../../../helpers/contract/target.ts';
import { writeArchive } from '../../../helpers/oci/archive.ts';
import { writeLayout } from '../../../helpers/oci/layout.ts';
import type { ArtefactStep } from '../../step.ts';
import { packages } from '../packages.ts';

/** File names in the test images' artefact. */
const LAYOUT = 'layout';
const DIGESTS = 'digests.json';
const ARCHIVE = 'containerd.tar';
const DECOYS = 'decoys.tar';

/** Images that the run's containerd has from the start: one to run, and the pause image. */
const LOADED: readonly ImageName[] = ['busybox', 'pause'];

/** The result of the step that builds the test images: the images, and archives of some of them. */
export interface TestImages {
  /** Path of the OCI layout that contains all test images. */
  readonly layout: string;
  /** Path of the OCI archive of the images that containerd starts with. */
  readonly containerdArchive: string;
  /**
   * Path of the OCI archive of placeholder images: every reference of the test images, but none with the registry's
   * content.
   */
  readonly placeholderArchive: string;
  /** Manifest digests of the test images by name. */
  readonly digests: Readonly<Record<ImageName, string>>;
}

/** Step that builds every test image as an OCI layout, the images' digests, and archives for containerd. */
export const images: ArtefactStep<TestImages> = {
  kind: 'artefact',
  id: 'images',
  module: import.meta.url,
  title: 'test images',
  needs: () => [packages],
  timeoutMs: 60_000,
  inputs: (_config, host) => ({ files: { busybox: host.tools.busybox } }),
  async make(directory, { host, say, signal }) {
    say('building');
    const built = await buildImages(host.tools.busybox ?? 'busybox');
    await writeLayout(join(directory, LAYOUT), built);
    const digests = [...built].map(([name, image]) => [name, image.manifest.digest]);
    await writeFile(join(directory, DIGESTS), JSON.stringify(Object.fromEntries(digests), null, 2));
    const loaded = LOADED.flatMap((name) => {
      const image = built.get(name);
      return image === undefined ? [] : [[IMAGES[name].reference, image] as const];
    });
    await writeArchive(join(directory, ARCHIVE), new Map(loaded), signal);
    await writeArchive(join(directory, DECOYS), await buildPlaceholders(host.tools.busybox ?? 'busybox'), signal);
  },
  read: async (directory) => ({
    layout: join(directory, LAYOUT),
    containerdArchive: join(directory, ARCHIVE),
    placeholderArchive: join(directory, DECOYS),
    digests: JSON.parse(await readFile(join(directory, DIGESTS), 'utf8')) as Record<ImageName, string>,
  }),
};
