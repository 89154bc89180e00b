import { mkdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { takeTree } from '../../../helpers/isolation/ownership.ts';
import { runBuild } from '../../../helpers/isolation/run-build.ts';
import { sandboxOf } from '../../../helpers/isolation/source-sandbox.ts';
import { RUNTIME_RS } from '../../config/kata-runtime.ts';
import { RUNTIME_RS_PART } from '../../config/source-paths.ts';
import type { ArtefactStep } from '../../step.ts';
import { packages } from '../packages.ts';
import { fetchedSource } from '../source/fetched-source.ts';
import { cargoInputs, compileCrate, kataSourceOf, withSource } from '../source/kata-source.ts';

const ROOT = 'root';
const SHIM = 'containerd-shim-kata-v2';
const BIN = 'usr/local/bin';

/**
 * Variables of runtime-rs's makefile: guests run in QEMU only, and the shim is linked with this machine's C library. Dragonball and
 * OpenVMM, which upstream builds as well on x86_64, take as long as the rest.
 */
const VARIABLES = ['LIBC=gnu', 'USE_BUILTIN_DB=false', 'USE_OPENVMM=false'];

/**
 * Step that builds runtime-rs: its shim with cargo, its configurations with upstream's makefile. Its result is the path of the tree
 * to copy over `/`; another step installs it.
 */
export const kataRuntimeRs: ArtefactStep = {
  kind: 'artefact',
  id: 'kata-runtime-rs',
  module: import.meta.url,
  title: 'runtime-rs and its containerd-shim-kata-v2 from source',
  needs: () => [packages, fetchedSource],
  timeoutMs: 5_400_000,
  inputs: (config) => cargoInputs(RUNTIME_RS_PART, config),
  async make(directory, context) {
    const { config, signal } = context;
    const source = kataSourceOf(config, 'runtime');
    const root = join(directory, ROOT);
    await withSource(directory, source, context, async (checkout) => {
      const crate = join(checkout, RUNTIME_RS);
      await mkdir(join(root, BIN), { recursive: true });
      const sandbox = await sandboxOf(config.buildIsolation, [checkout, root]);
      const make = ['make', '-C', crate, ...VARIABLES];
      await runBuild([...make, 'crates/shim/src/config.rs'], { sandbox, signal });
      const shim = join(directory, SHIM);
      const options = { flags: ['--bin', SHIM], duration: 'about 15 minutes' };
      await compileCrate(crate, shim, source, context, options);
      await runBuild([...make, 'install-configs', `DESTDIR=${root}`], { sandbox, signal });
      await takeTree(root);
      await rename(shim, join(root, BIN, SHIM));
    });
  },
  read: (directory) => join(directory, ROOT),
};
