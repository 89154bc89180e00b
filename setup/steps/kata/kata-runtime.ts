import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ProvisionError } from '../../../helpers/errors.ts';
import { takeTree } from '../../../helpers/isolation/ownership.ts';
import { type Finished, run } from '../../../helpers/process/exec.ts';
import { atLeast } from '../../../helpers/text/version.ts';
import { canFetchToolchain, goEnvironment, requiredGo } from '../../../helpers/toolchain/go.ts';
import { isolatedGo } from '../../../helpers/toolchain/isolated-go.ts';
import { RUNTIME_PART, sourceDigest } from '../../config/source-paths.ts';
import type { ArtefactStep } from '../../step.ts';
import { packages } from '../packages.ts';
import { fetchedSource } from '../source/fetched-source.ts';
import { compiling, withSource } from '../source/kata-source.ts';

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
    const { config, say, signal } = context;
    const { source } = config;
    const go = source?.go;
    if (source === undefined || go === undefined)
      throw new ProvisionError('runtime', 'Go is not installed; install it (https://go.dev)');
    const root = join(directory, ROOT);
    await withSource(directory, source, context, async (checkout) => {
      const runtime = join(checkout, 'src/runtime');
      const wanted = requiredGo(await readFile(join(runtime, 'go.mod'), 'utf8'));
      const tooOld = wanted !== undefined && !atLeast(go.version, wanted);
      if (tooOld && !canFetchToolchain(go)) {
        throw new ProvisionError('runtime', `${source.name} requires Go ${wanted}; ${go.path} is ${go.version}`);
      }
      say(tooOld ? `fetching Go ${wanted}, then ${compiling(source)}` : compiling(source));
      // The makefile's check of the Go version is skipped: it requires a version of 2021 and fetches a tool for it;
      // go.mod names the version that is really required.
      const make = ['make', '-C', runtime, 'SKIP_GO_VERSION_CHECK=y'];
      const env = goEnvironment(go, { other: tooOld });
      const cache = join(config.cacheDir, 'go-build-isolated');
      const build = config.buildIsolation
        ? await isolatedGo({ go, module: runtime, checkout, cache, env, signal })
        : (command: readonly string[]): Promise<Finished> => run(command, { env, signal });
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
