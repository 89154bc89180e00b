import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import {
  CONTAINERD_PROGRAMS,
  type ContainerdPrograms,
  installedPrograms,
  programsIn,
} from '../../helpers/containerd/programs.ts';
import type { ComponentProgram } from '../../helpers/contract/component.ts';
import { ProvisionError } from '../../helpers/errors.ts';
import { fileExists } from '../../helpers/files.ts';
import { fetchSnapshot } from '../../helpers/git/export.ts';
import { takeProgram } from '../../helpers/isolation/ownership.ts';
import { containerdSource } from '../config/containerd-source.ts';
import { gitProblem } from '../config/git-problem.ts';
import { gitStore } from '../config/git-store.ts';
import type { ResolvedConfig } from '../config/resolved.ts';
import { sourceDigest, VERSIONS_PART } from '../config/source-paths.ts';
import type { ArtefactStep, ServiceStep, Step, StepContext } from '../step.ts';
import { checkContainerd } from './custom-containerd.ts';
import { packages } from './packages.ts';
import { describeProgram, readProgram } from './source/component-programs.ts';
import { fetchedSource } from './source/fetched-source.ts';
import { goModule } from './source/go-module.ts';
import { withSource } from './source/kata-source.ts';

const ID = 'containerd-programs';
const TITLE = 'containerd, ctr and containerd-shim-runc-v2';
const [CONTAINERD] = CONTAINERD_PROGRAMS;

/** Arguments of containerd's makefile: its btrfs snapshotter needs kernel headers that the distribution may lack. */
const BUILD_TAGS = 'BUILDTAGS=no_btrfs';

/** Step that builds containerd with its makefile. */
export const builtContainerd: ArtefactStep<ComponentProgram> = {
  kind: 'artefact',
  id: ID,
  module: import.meta.url,
  title: TITLE,
  feature: CONTAINERD,
  needs: () => [packages, fetchedSource],
  timeoutMs: 1_800_000,
  inputs(config) {
    const { containerdBuild: origin } = config;
    const { custom, declared = '', packaging, repository = '' } = origin ?? {};
    return {
      digests: packaging === undefined ? {} : { packaging: () => sourceDigest(VERSIONS_PART, packaging, config) },
      values: { from: custom?.snapshot.id ?? `${repository} ${declared}`, go: origin?.go.version ?? '' },
    };
  },
  async make(directory, context) {
    const { config, say, signal } = context;
    const origin = config.containerdBuild;
    if (origin === undefined) throw new ProvisionError(CONTAINERD, 'no source of containerd was resolved');
    const store = gitStore(config);
    const source = await containerdSource(origin, { store, signal });
    const { id, repository, revision } = source.snapshot;
    const fail = (problem: string, cause?: unknown): never => {
      throw new ProvisionError(CONTAINERD, `KATA_CONTAINERD=source: ${problem}`, { cause });
    };
    say(`fetching ${source.name}`);
    await fetchSnapshot(source.snapshot, store, signal).catch((cause: unknown) =>
      fail(`cannot fetch ${source.name}: ${gitProblem(repository, cause)}`, cause),
    );
    await withSource(directory, source, context, async (checkout, notes) => {
      const file = join(checkout, 'version/version.go');
      if (!(await fileExists(file))) fail(`${source.name} is no containerd: it has no version/version.go`);
      const version = versionOfBuild(await readFile(file, 'utf8'), { id, revision });
      const module = { module: checkout, checkout, source, go: origin.go, id: CONTAINERD };
      const build = await goModule(module, context);
      const make = ['make', '-C', checkout, BUILD_TAGS, `VERSION=${version}`, `REVISION=${id}`];
      await build([...make, ...CONTAINERD_PROGRAMS.map((name) => `bin/${name}`)]);
      for (const name of CONTAINERD_PROGRAMS) await takeProgram(checkout, `bin/${name}`, join(directory, name));
      await describeProgram(directory, {
        name: CONTAINERD,
        version: version.replace(/^v/, ''),
        source: source.name,
        toolchain: `Go ${origin.go.version}`,
        changes: [`with ${BUILD_TAGS}, without its btrfs snapshotter`, ...notes],
      });
    });
  },
  read: (directory) => readProgram(directory, CONTAINERD),
};

/** The version that a build says it is: its tag, or the version that the source will be, with the commit. */
export function versionOfBuild(
  versionGo: string,
  { id, revision }: { readonly id: string; readonly revision: string },
): string {
  if (/^v\d+\.\d+\.\d+/.test(revision)) return revision;
  const [, next = '0.0.0'] = /\bVersion\s*=\s*"([^"+]+)/.exec(versionGo) ?? [];
  return `${next}+${id.slice(0, 10)}`;
}

/** Step that checks the user's containerd. */
const customContainerd: ServiceStep<ComponentProgram> = {
  kind: 'service',
  id: ID,
  module: import.meta.url,
  title: TITLE,
  feature: CONTAINERD,
  needs: () => [],
  timeoutMs: 10_000,
  start: ({ config: { containerd: directory }, signal }) => checkContainerd(directory, signal),
};

type ContainerdSetting = Pick<ResolvedConfig, 'bundle' | 'containerd' | 'target'>;

/** The steps that provide another containerd than the distribution's or the bundle's; none for these. */
export function containerdSteps(config: ContainerdSetting): readonly Step[] {
  const step = containerdStep(config);
  return step === undefined ? [] : [step];
}

function containerdStep({ bundle, containerd, target }: ContainerdSetting): Step<ComponentProgram> | undefined {
  if (containerd === 'distro' || target === 'vm') return undefined;
  if (containerd !== 'source') return customContainerd;
  return target === 'kata' && bundle !== undefined ? undefined : builtContainerd;
}

/** Another containerd than the distribution's or the bundle's; `undefined` for these. */
export function containerdOf(
  config: ContainerdSetting,
  { result }: Pick<StepContext, 'result'>,
): ComponentProgram | undefined {
  const step = containerdStep(config);
  return step && result(step);
}

/** The programs of the containerd that a configuration names. */
export async function containerdProgramsOf(
  config: ContainerdSetting,
  context: Pick<StepContext, 'result'>,
): Promise<ContainerdPrograms> {
  const own = containerdOf(config, context);
  return own === undefined ? installedPrograms() : programsIn(dirname(own.path));
}
