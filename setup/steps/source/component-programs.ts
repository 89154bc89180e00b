import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Component, ComponentProgram } from '../../../helpers/contract/component.ts';
import { fileExists } from '../../../helpers/files.ts';
import { declaredFeatures } from '../../../helpers/kata/agent-build.ts';
import { type ComponentSettings, componentSource } from '../../config/component-source.ts';
import { gitStore } from '../../config/git-store.ts';
import type { ComponentOrigin } from '../../config/resolved.ts';
import { sourceDigest, VERSIONS_PART } from '../../config/source-paths.ts';
import type { ArtefactInputs } from '../../engine/step.ts';
import type { StepContext } from '../../step.ts';
import { failBuild, fetchSource } from './fetch-source.ts';
import { compileCrate, withSource } from './kata-source.ts';

/** A program of another project, and how it is built. */
export interface ProgramToBuild {
  /** Directory of its crate in the source. */
  readonly crate: string;
  /** Its name in the crate's manifest. */
  readonly binary: string;
  /** File name of the program in the artefact, which a file `NAME.json` describes. */
  readonly name: string;
  /** Features of the crate, of which those are built that this revision declares. */
  readonly features: readonly string[];
  /** Set for programs of guests: symbols would make a layer several times as large. */
  readonly stripped?: true;
  /** How long the first build takes, for messages. */
  readonly duration: string;
  /** How the build differs from upstream's, whatever the revision. */
  readonly changes?: readonly string[];
}

/** What is built, and from which source. */
interface From {
  readonly component: ComponentSettings;
  readonly origin: ComponentOrigin;
  /** The setting that is `source`, for errors. */
  readonly setting: string;
  /** Changes the copy of the source before the build, and returns how the build then differs from upstream's. */
  readonly prepare?: (checkout: string) => Promise<readonly string[]>;
}

/** How builds with PROFILE of kata-source.ts differ: guest-components and trustee leave both settings to cargo. */
const FASTER = 'with profile.release.lto=off and codegen-units=16';

const STRIPPED = ['--config', 'profile.release.strip=true'];

/** Builds programs of one source into the directory of an artefact, beside a description of each. */
export async function buildPrograms(
  directory: string,
  programs: readonly ProgramToBuild[],
  { component, origin, prepare, setting }: From,
  context: StepContext,
): Promise<void> {
  const { config, signal } = context;
  const source = await componentSource(setting, component, origin, { store: gitStore(config), signal });
  const fail = failBuild(component.project, setting);
  await fetchSource(source, fail, context);
  await withSource(directory, source, context, async (checkout, notes) => {
    for (const { crate } of programs) {
      if (!(await fileExists(join(checkout, crate, 'Cargo.toml')))) fail(`${source.name} has no ${crate}/Cargo.toml`);
    }
    const prepared = (await prepare?.(checkout)) ?? [];
    for (const { binary, changes = [], duration, name, stripped, ...program } of programs) {
      const crate = join(checkout, program.crate);
      const declared = declaredFeatures(await readFile(join(crate, 'Cargo.toml'), 'utf8'));
      const features = program.features.filter((feature) => declared.has(feature));
      const flags = [
        '--bin',
        binary,
        '--no-default-features',
        ...withFeatures(features),
        ...(stripped ? STRIPPED : []),
      ];
      const built = await compileCrate(crate, join(directory, binary), source, context, { flags, duration });
      await rename(join(directory, binary), join(directory, name));
      await describeProgram(directory, {
        name,
        source: source.name,
        features,
        toolchain: `Rust ${built.rust}`,
        changes: [FASTER, ...changes, ...prepared, ...notes, ...built.changes],
      });
    }
  });
}

/** Inputs of an artefact that {@link buildPrograms} fills. */
export function programInputs(origin: ComponentOrigin, config: StepContext['config']): ArtefactInputs {
  const { cargo, custom, packaging } = origin;
  return {
    digests: packaging === undefined ? {} : { packaging: () => sourceDigest(VERSIONS_PART, packaging, config) },
    values: { from: custom?.snapshot.id ?? '', cargo: cargo.version },
  };
}

/** Describes a program in its artefact. */
export async function describeProgram(
  directory: string,
  { path: _, ...description }: Component & { readonly path?: string },
): Promise<void> {
  await writeFile(join(directory, descriptionOf(description.name)), JSON.stringify(description, null, 2));
}

/** Reads the program of an artefact, and its description. */
export async function readProgram(directory: string, name: string): Promise<ComponentProgram> {
  const description = JSON.parse(await readFile(join(directory, descriptionOf(name)), 'utf8')) as Component;
  return { ...description, path: join(directory, name) };
}

function withFeatures(features: readonly string[]): readonly string[] {
  return features.length === 0 ? [] : ['--features', features.join(',')];
}

function descriptionOf(name: string): string {
  return `${name}.json`;
}
