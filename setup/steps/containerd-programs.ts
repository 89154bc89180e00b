import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import {
  CONTAINERD_PROGRAMS,
  type ContainerdPrograms,
  installedPrograms,
  programsIn,
} from '../../helpers/containerd/programs.ts';
import type { ComponentProgram } from '../../helpers/contract/component.ts';
import { containerdSource } from '../config/containerd-source.ts';
import type { ContainerdOrigin, ResolvedConfig } from '../config/resolved.ts';
import type { ArtefactStep, ServiceStep, StepContext } from '../step.ts';
import { checkContainerd } from './custom-containerd.ts';
import { optionalProgram } from './optional-program.ts';
import { packages } from './packages.ts';
import { readProgram } from './source/component-programs.ts';
import { fetchedSource } from './source/fetched-source.ts';
import {
  type BuiltRevision,
  buildGoPrograms,
  type GoPrograms,
  goProgramInputs,
  isRelease,
} from './source/go-programs.ts';

const ID = 'containerd-programs';
const TITLE = 'containerd, ctr and containerd-shim-runc-v2';
const [CONTAINERD] = CONTAINERD_PROGRAMS;

/** Arguments of containerd's makefile: its btrfs snapshotter needs kernel headers that the distribution may lack. */
const BUILD_TAGS = 'BUILDTAGS=no_btrfs';

/** File of containerd's source that names the version that it will be. */
const VERSION_GO = 'version/version.go';

const PROGRAMS: GoPrograms<ContainerdOrigin> = {
  project: CONTAINERD,
  setting: 'KATA_CONTAINERD',
  programs: CONTAINERD_PROGRAMS,
  mark: VERSION_GO,
  find: containerdSource,
  versionOf: async (checkout, built) => versionOfBuild(await readFile(join(checkout, VERSION_GO), 'utf8'), built),
  variable: BUILD_TAGS,
  change: `with ${BUILD_TAGS}, without its btrfs snapshotter`,
  targets: CONTAINERD_PROGRAMS.map((name) => `bin/${name}`),
};

/** Step that builds containerd with its makefile. */
export const builtContainerd: ArtefactStep<ComponentProgram> = {
  kind: 'artefact',
  id: ID,
  module: import.meta.url,
  title: TITLE,
  feature: CONTAINERD,
  needs: () => [packages, fetchedSource],
  timeoutMs: 1_800_000,
  inputs: (config) => goProgramInputs(config.containerdBuild, config),
  make: (directory, context) => buildGoPrograms(directory, context.config.containerdBuild, PROGRAMS, context),
  read: (directory) => readProgram(directory, CONTAINERD),
};

/** The version that a build says it is: its tag, or the version that the source will be, with the commit. */
export function versionOfBuild(versionGo: string, { id, revision }: BuiltRevision): string {
  if (isRelease(revision)) return revision;
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

/** Another containerd than the distribution's or the bundle's; none for these. */
export const { steps: containerdSteps, of: containerdOf } = optionalProgram((config: ContainerdSetting) => {
  const { bundle, containerd, target } = config;
  if (containerd === 'distro' || target === 'vm') return undefined;
  if (containerd !== 'source') return customContainerd;
  return target === 'kata' && bundle !== undefined ? undefined : builtContainerd;
});

/** The programs of the containerd that a configuration names. */
export async function containerdProgramsOf(
  config: ContainerdSetting,
  context: Pick<StepContext, 'result'>,
): Promise<ContainerdPrograms> {
  const own = containerdOf(config, context);
  return own === undefined ? installedPrograms() : programsIn(dirname(own.path));
}
