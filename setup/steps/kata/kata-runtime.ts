import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ProvisionError } from '../../../helpers/errors.ts';
import { takeTree } from '../../../helpers/isolation/ownership.ts';
import { RUNTIME_PART, sourceDigest } from '../../config/source-paths.ts';
import type { ArtefactStep } from '../../step.ts';
import { packages } from '../packages.ts';
import { fetchedSource } from '../source/fetched-source.ts';
import { goModule } from '../source/go-module.ts';
import { withSource } from '../source/kata-source.ts';

/** File names in the artefact of Kata's runtime: a tree to copy over `/`. */
const ROOT = 'root';
const DESCRIPTION = 'runtime.json';

/**
 * Step that builds Kata's runtime and shim with upstream's makefile. Its result is the path of the tree to copy over `/`;
 * another step installs it.
 */
export const kataRuntime: ArtefactStep = {
  kind: 'artefact',
  id: 'kata-runtime',
  module: import.meta.url,
  title: 'kata-runtime and containerd-shim-kata-v2 from source',
  needs: () => [packages, fetchedSource],
  timeoutMs: 1_800_000,
  inputs: (config) => ({
    digests: { source: () => sourceDigest(RUNTIME_PART, config.source, config) },
    values: { go: config.source?.go?.version ?? '' },
  }),
  async make(directory, context) {
    const { source } = context.config;
    const go = source?.go;
    if (source === undefined || go === undefined)
      throw new ProvisionError('runtime', 'Go is not installed; install it (https://go.dev)');
    const root = join(directory, ROOT);
    await withSource(directory, source, context, async (checkout) => {
      const runtime = join(checkout, 'src/runtime');
      // The makefile's check of the Go version is skipped: it requires a version of 2021 and fetches a tool for it;
      // go.mod names the version that is really required.
      const make = ['make', '-C', runtime, 'SKIP_GO_VERSION_CHECK=y'];
      const build = await goModule({ module: runtime, checkout, source, go, id: 'runtime' }, context);
      await mkdir(root);
      await build(make);
      await build([...make, 'install', `DESTDIR=${root}`], [root]);
      const { stdout } = await build([join(root, 'usr/local/bin/kata-runtime'), '--version'], [root]);
      await takeTree(root);
      await writeFile(join(directory, DESCRIPTION), JSON.stringify({ version: stdout, source: source.name }, null, 2));
    });
  },
  read: (directory) => join(directory, ROOT),
};
