import { join } from 'node:path';
import type { ComponentProgram } from '../../helpers/contract/component.ts';
import { ProvisionError } from '../../helpers/errors.ts';
import { fileExists } from '../../helpers/files.ts';
import { fetchSnapshot } from '../../helpers/git/export.ts';
import { takeProgram } from '../../helpers/isolation/ownership.ts';
import { NYDUS_PROGRAMS } from '../../helpers/nydus/snapshotter.ts';
import { gitProblem } from '../config/git-problem.ts';
import { gitStore } from '../config/git-store.ts';
import { nydusSource } from '../config/nydus-source.ts';
import type { ResolvedConfig } from '../config/resolved.ts';
import { sourceDigest, VERSIONS_PART } from '../config/source-paths.ts';
import type { ArtefactStep, ServiceStep, Step, StepContext } from '../step.ts';
import { checkNydus } from './custom-nydus.ts';
import { packages } from './packages.ts';
import { describeProgram, readProgram } from './source/component-programs.ts';
import { fetchedSource } from './source/fetched-source.ts';
import { goModule } from './source/go-module.ts';
import { withSource } from './source/kata-source.ts';

const ID = 'nydus-snapshotter';
const TITLE = 'nydus-snapshotter';
const [SNAPSHOTTER] = NYDUS_PROGRAMS;

/** Step that builds nydus-snapshotter with its makefile. */
export const builtNydus: ArtefactStep<ComponentProgram> = {
  kind: 'artefact',
  id: ID,
  module: import.meta.url,
  title: TITLE,
  feature: ID,
  needs: () => [packages, fetchedSource],
  timeoutMs: 1_800_000,
  inputs(config) {
    const { custom, packaging, repository = '' } = config.nydusBuild ?? {};
    return {
      digests: packaging === undefined ? {} : { packaging: () => sourceDigest(VERSIONS_PART, packaging, config) },
      values: { from: custom?.snapshot.id ?? repository, go: config.nydusBuild?.go.version ?? '' },
    };
  },
  async make(directory, context) {
    const { config, say, signal } = context;
    const origin = config.nydusBuild;
    if (origin === undefined) throw new ProvisionError(ID, 'no source of nydus-snapshotter was resolved');
    const store = gitStore(config);
    const source = await nydusSource(origin, { store, signal });
    const { id, repository, revision } = source.snapshot;
    const fail = (problem: string, cause?: unknown): never => {
      throw new ProvisionError(ID, `KATA_NYDUS=source: ${problem}`, { cause });
    };
    say(`fetching ${source.name}`);
    await fetchSnapshot(source.snapshot, store, signal).catch((cause: unknown) =>
      fail(`cannot fetch ${source.name}: ${gitProblem(repository, cause)}`, cause),
    );
    await withSource(directory, source, context, async (checkout, notes) => {
      if (!(await fileExists(join(checkout, 'cmd', SNAPSHOTTER)))) {
        fail(`${source.name} is no nydus-snapshotter: it has no cmd/${SNAPSHOTTER}`);
      }
      const version = /^v\d+\.\d+\.\d+/.test(revision) ? revision : id.slice(0, 10);
      const build = await goModule({ module: checkout, checkout, source, go: origin.go, id: ID }, context);
      await build(['make', '-C', checkout, 'CGO_ENABLED=0', `VERSION=${version}`, `REVISION=${id}`, 'build']);
      for (const name of NYDUS_PROGRAMS) await takeProgram(checkout, `bin/${name}`, join(directory, name));
      await describeProgram(directory, {
        name: SNAPSHOTTER,
        version: version.replace(/^v/, ''),
        source: source.name,
        toolchain: `Go ${origin.go.version}`,
        changes: ['with CGO_ENABLED=0, as upstream’s static release', ...notes],
      });
    });
  },
  read: (directory) => readProgram(directory, SNAPSHOTTER),
};

/** Step that checks the user's nydus-snapshotter. */
const customNydus: ServiceStep<ComponentProgram> = {
  kind: 'service',
  id: ID,
  module: import.meta.url,
  title: TITLE,
  feature: ID,
  needs: () => [],
  timeoutMs: 20_000,
  start: ({ config: { nydus: directory }, signal }) => checkNydus(directory, signal),
};

type NydusSetting = Pick<ResolvedConfig, 'bundle' | 'nydus' | 'pull' | 'target'>;

/** The steps that provide a nydus-snapshotter; none if guests pull in another way, or the bundle has one. */
export function nydusSteps(config: NydusSetting): readonly Step[] {
  const step = nydusStep(config);
  return step === undefined ? [] : [step];
}

/** The nydus-snapshotter of a configuration, if it is not the bundle's; `undefined` if guests pull in another way. */
export function nydusOf(config: NydusSetting, { result }: Pick<StepContext, 'result'>): ComponentProgram | undefined {
  const step = nydusStep(config);
  return step && result(step);
}

function nydusStep({ bundle, nydus, pull, target }: NydusSetting): Step<ComponentProgram> | undefined {
  if (target !== 'kata' || bundle !== undefined || pull !== 'nydus') return undefined;
  return nydus === 'source' ? builtNydus : customNydus;
}
