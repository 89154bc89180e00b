import { join } from 'node:path';
import { ProvisionError } from '../../../helpers/errors.ts';
import { fileExists } from '../../../helpers/files.ts';
import { takeProgram } from '../../../helpers/isolation/ownership.ts';
import { gitStore } from '../../config/git-store.ts';
import type { GitLookups } from '../../config/go-source.ts';
import type { ContainerdOrigin, NydusOrigin, SourceRevision } from '../../config/resolved.ts';
import { sourceDigest, VERSIONS_PART } from '../../config/source-paths.ts';
import type { ArtefactInputs } from '../../engine/step.ts';
import type { StepContext } from '../../step.ts';
import { describeProgram } from './component-programs.ts';
import { failBuild, fetchSource } from './fetch-source.ts';
import { goModule } from './go-module.ts';
import { withSource } from './kata-source.ts';

type GoOrigin = ContainerdOrigin | NydusOrigin;

/** A commit that is built, and the name by which it was found. */
export interface BuiltRevision {
  readonly id: string;
  readonly revision: string;
}

/** Programs of a Go project that its makefile builds. */
export interface GoPrograms<Origin extends GoOrigin> {
  /** Name of the project, and code of errors. */
  readonly project: string;
  /** The setting that is `source`, for errors. */
  readonly setting: string;
  /** File names of the programs in `bin` of the source; the first one is described in the artefact. */
  readonly programs: readonly [string, ...string[]];
  /** Path in the source, without which it is another project's. */
  readonly mark: string;
  /** The revision to build. */
  readonly find: (origin: Origin, options: GitLookups) => Promise<SourceRevision>;
  /** The version that the build says it is. */
  readonly versionOf: (checkout: string, built: BuiltRevision) => Promise<string>;
  /** Variable of the makefile by which the build differs from its default, and the difference in words. */
  readonly variable: string;
  readonly change: string;
  /** Targets of the makefile. */
  readonly targets: readonly string[];
}

/** Builds the programs of a Go project into the directory of an artefact, beside a description of the first. */
export async function buildGoPrograms<Origin extends GoOrigin>(
  directory: string,
  origin: Origin | undefined,
  { change, find, mark, programs, project, setting, targets, variable, versionOf }: GoPrograms<Origin>,
  context: StepContext,
): Promise<void> {
  const { config, signal } = context;
  if (origin === undefined) throw new ProvisionError(project, `no source of ${project} was resolved`);
  const source = await find(origin, { store: gitStore(config), signal });
  const { id, revision } = source.snapshot;
  const fail = failBuild(project, setting);
  await fetchSource(source, fail, context);
  await withSource(directory, source, context, async (checkout, notes) => {
    if (!(await fileExists(join(checkout, mark)))) fail(`${source.name} is no ${project}: it has no ${mark}`);
    const version = await versionOf(checkout, { id, revision });
    const build = await goModule({ module: checkout, checkout, source, go: origin.go, id: project }, context);
    await build(['make', '-C', checkout, variable, `VERSION=${version}`, `REVISION=${id}`, ...targets]);
    for (const name of programs) await takeProgram(checkout, `bin/${name}`, join(directory, name));
    await describeProgram(directory, {
      name: programs[0],
      version: version.replace(/^v/, ''),
      source: source.name,
      toolchain: `Go ${origin.go.version}`,
      changes: [change, ...notes],
    });
  });
}

/** Inputs of an artefact that {@link buildGoPrograms} fills. */
export function goProgramInputs(origin: GoOrigin | undefined, config: StepContext['config']): ArtefactInputs {
  const { custom, packaging, repository = '' } = origin ?? {};
  // Of nydus-snapshotter, versions.yaml declares one version.
  const declared = origin !== undefined && 'declared' in origin ? origin.declared : undefined;
  const from = declared === undefined ? repository : `${repository} ${declared}`;
  return {
    digests: packaging === undefined ? {} : { packaging: () => sourceDigest(VERSIONS_PART, packaging, config) },
    values: { from: custom?.snapshot.id ?? from, go: origin?.go.version ?? '' },
  };
}

/** Whether a revision is the tag of a release, `v1.2.3`, and so a version. */
export function isRelease(revision: string): boolean {
  return /^v\d+\.\d+\.\d+/.test(revision);
}
