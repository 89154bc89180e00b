import { join } from 'node:path';
import type { Part } from '../../../helpers/git/part.ts';
import { runBuild } from '../../../helpers/isolation/run-build.ts';
import { sandboxOf } from '../../../helpers/isolation/source-sandbox.ts';
import { KATA_CTL } from '../../config/kata-runtime.ts';
import type { ResolvedConfig } from '../../config/resolved.ts';
import { NEVER } from '../../config/source-paths.ts';
import type { ArtefactStep } from '../../step.ts';
import { packages } from '../packages.ts';
import { fetchedSource } from '../source/fetched-source.ts';
import { cargoInputs, compileCrate, kataSourceOf, withSource } from '../source/kata-source.ts';

const BINARY = 'kata-ctl';

/**
 * Paths of Kata's source that the build reads: those of runtime-rs, whose crates it uses, and its own. They are not beside those of other
 * builds, all of which would count the list as their code.
 */
const PART: Part = {
  without: [
    ...[...NEVER, 'src/agent', 'src/kata-opa', 'src/runtime', 'src/trace-forwarder', 'tools'],
    ...['src/tools/agent-ctl', 'src/tools/csi-kata-directvolume', 'src/tools/genpolicy', 'src/tools/log-parser'],
    ...['src/tools/runk', 'src/tools/trace-forwarder'],
  ],
};

/** Step that builds kata-ctl, the command line program of runtime-rs, from the same source. */
const builtKataCtl: ArtefactStep = {
  kind: 'artefact',
  id: 'kata-ctl',
  module: import.meta.url,
  title: 'kata-ctl from source',
  needs: () => [packages, fetchedSource],
  timeoutMs: 5_400_000,
  inputs: (config) => cargoInputs(PART, config),
  async make(directory, context) {
    const { config, signal } = context;
    const source = kataSourceOf(config, 'kata-ctl');
    await withSource(directory, source, context, async (checkout) => {
      const crate = join(checkout, KATA_CTL);
      const sandbox = await sandboxOf(config.buildIsolation, [checkout]);
      await runBuild(['make', '-C', crate, 'LIBC=gnu', 'src/ops/version.rs'], { sandbox, signal });
      await compileCrate(crate, join(directory, BINARY), source, context, { duration: 'about 10 minutes' });
    });
  },
  read: (directory) => join(directory, BINARY),
};

type KataCtlSetting = Pick<ResolvedConfig, 'builtRuntime' | 'bundle' | 'kataCtl' | 'target'>;

/** The step that builds kata-ctl; none if the configuration has none of its own. */
export function kataCtlSteps({ builtRuntime, bundle, kataCtl, target }: KataCtlSetting): readonly ArtefactStep[] {
  return target === 'kata' && bundle === undefined && builtRuntime === 'rs' && kataCtl === 'source'
    ? [builtKataCtl]
    : [];
}
