import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { declaredFeatures } from '../../../helpers/kata/agent-build.ts';
import { type Component, componentSource } from '../../config/component-source.ts';
import { gitStore } from '../../config/git-store.ts';
import type { ComponentOrigin } from '../../config/resolved.ts';
import { sourceDigest, VERSIONS_PART } from '../../config/source-paths.ts';
import type { ArtefactInputs } from '../../engine/step.ts';
import type { StepContext } from '../../step.ts';
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
  /** How long the first build takes, for messages. */
  readonly duration: string;
}

/** How a program was built. */
export interface BuiltProgram {
  /** Repository, revision and commit. */
  readonly source: string;
  readonly commit: string;
  readonly features: readonly string[];
  readonly toolchain: string;
  /** How the build differs from upstream's. */
  readonly changes: readonly string[];
}

/** Symbols would make a layer of a guest several times as large. */
const STRIPPED = ['--config', 'profile.release.strip=true'];

/** Builds programs of one source into the directory of an artefact; `setting` is the one that requires them. */
export async function buildPrograms(
  directory: string,
  programs: readonly ProgramToBuild[],
  { component, origin, setting }: { component: Component; origin: ComponentOrigin; setting: string },
  context: StepContext,
): Promise<void> {
  const { config, signal } = context;
  const source = await componentSource(setting, component, origin, { store: gitStore(config), signal });
  await withSource(directory, source, context, async (checkout, notes) => {
    for (const { binary, duration, name, ...program } of programs) {
      const crate = join(checkout, program.crate);
      const declared = declaredFeatures(await readFile(join(crate, 'Cargo.toml'), 'utf8'));
      const features = program.features.filter((feature) => declared.has(feature));
      const flags = ['--bin', binary, '--no-default-features', ...withFeatures(features), ...STRIPPED];
      const built = await compileCrate(crate, join(directory, binary), source, context, { flags, duration });
      await rename(join(directory, binary), join(directory, name));
      const description: BuiltProgram = {
        source: source.name,
        commit: source.snapshot.id,
        features,
        toolchain: `Rust ${built.rust}`,
        changes: [...notes, ...built.changes],
      };
      await writeFile(join(directory, descriptionOf(name)), JSON.stringify(description, null, 2));
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

function withFeatures(features: readonly string[]): readonly string[] {
  return features.length === 0 ? [] : ['--features', features.join(',')];
}

function descriptionOf(name: string): string {
  return `${name}.json`;
}
