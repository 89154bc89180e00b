import { mkdir, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { ProvisionError } from '../../../helpers/errors.ts';
import { exportSnapshot, updateExport } from '../../../helpers/git/export.ts';
import type { Part } from '../../../helpers/git/part.ts';
import { takeProgram } from '../../../helpers/isolation/ownership.ts';
import { claim } from '../../../helpers/process/claim.ts';
import { type CargoBuild, type CargoBuilt, cargoBuild } from '../../../helpers/toolchain/cargo.ts';
import { gitStore } from '../../config/git-store.ts';
import type { CargoSource, KataSource, ResolvedConfig, SourceRevision } from '../../config/resolved.ts';
import { sourceDigest } from '../../config/source-paths.ts';
import { digestText } from '../../engine/digest.ts';
import type { ArtefactInputs } from '../../engine/step.ts';
import type { StepContext } from '../../step.ts';
import { leftOutPhrase } from '../left-out.ts';

type BuildContext = Pick<StepContext, 'config' | 'say' | 'signal'>;

/**
 * Exports a source, Kata's or another project's, into a directory beside the artefact's files and removes it after `build`. `notes` say, for
 * messages, what the checkout lacks. Returns the result of `build`.
 */
export async function withSource<Out>(
  directory: string,
  source: SourceRevision,
  { config, say, signal }: BuildContext,
  build: (checkout: string, notes: readonly string[]) => Promise<Out>,
): Promise<Out> {
  const checkout = join(directory, 'checkout');
  await mkdir(checkout);
  say(`reading ${source.name}`);
  const { leftOut } = await exportSnapshot(source.snapshot, gitStore(config), checkout, signal);
  const built = await build(checkout, notesOn(leftOut, say));
  await rm(checkout, { recursive: true });
  return built;
}

/**
 * Like {@link withSource}, but in a directory of the cache that keeps its files, so that cargo compiles only what has changed since the last
 * build from the same repository. Waits while another process builds there.
 */
export async function withKeptSource<Out>(
  source: SourceRevision,
  { config, say, signal }: BuildContext,
  build: (checkout: string, notes: readonly string[]) => Promise<Out>,
): Promise<Out> {
  const name = digestText(JSON.stringify(source.snapshot.repository)).slice(0, 16);
  const kept = join(config.cacheDir, KEPT_SOURCES, name);
  await mkdir(kept, { recursive: true, mode: 0o700 });
  const onWait = (): void => say(`waiting for another build of ${source.name}`);
  await using _claim = await claim(join(kept, 'claim'), { onWait, signal });
  const directory = join(kept, 'checkout');
  await mkdir(directory, { recursive: true });
  say(`reading ${source.name}`);
  const place = { directory, index: join(kept, 'index') };
  const { leftOut } = await updateExport(source.snapshot, gitStore(config), place, signal);
  return build(directory, notesOn(leftOut, say));
}

/** What a checkout lacks, as notes on the build, which are shown as well. */
function notesOn(leftOut: readonly string[], say: (text: string) => void): readonly string[] {
  const notes = leftOut.length === 0 ? [] : [`built${leftOutPhrase(leftOut)}: the repository does not contain them`];
  for (const note of notes) say(note);
  return notes;
}

/** Directory of the cache with the files of checkouts that are built again and again. */
const KEPT_SOURCES = 'checkout';

/** The Kata source to build from. Throws {@link ProvisionError} with the code `id` if the configuration has none. */
export function kataSourceOf({ source }: ResolvedConfig, id: string): KataSource {
  if (source === undefined) throw new ProvisionError(id, 'no Kata source was resolved');
  return source;
}

/**
 * Inputs of an artefact that cargo builds from a subset of Kata's source; `values` are further ones. `isBuilt` in
 * setup/config/resolve.ts knows those of the agent.
 */
export function cargoInputs(
  part: Part,
  config: ResolvedConfig,
  values: Readonly<Record<string, string>> = {},
): ArtefactInputs {
  return {
    digests: { source: () => sourceDigest(part, config.source, config) },
    values: { cargo: config.source?.cargo.version ?? '', ...values },
  };
}

/** Progress text shown before the compiler starts. */
export function compiling({ name }: SourceRevision, duration = 'a few minutes'): string {
  return `compiling ${name}; ${duration} the first time`;
}

/**
 * Directory in which cargo keeps compiled crates between builds. Isolated builds have their own: what they leave there is
 * not trusted, and other builds would run it with all rights of this user.
 */
export function targetDirOf({ buildIsolation, cacheDir }: Pick<ResolvedConfig, 'buildIsolation' | 'cacheDir'>): string {
  return join(cacheDir, buildIsolation ? 'cargo-target-isolated' : 'cargo-target');
}

/** How builds with {@link PROFILE} differ from upstream's. */
export const WITHOUT_LTO =
  'without link-time optimisation (profile.release.lto=off, codegen-units=16), which upstream uses';

/** How builds in the profile dev differ from upstream's. */
export const IN_DEV =
  'in the profile dev (KATA_AGENT_PROFILE), without optimisation and with debug assertions, while upstream builds release';

/** Settings of both profiles: without fat LTO, which takes several times as long to compile, and without debug information. */
export const PROFILE = {
  CARGO_PROFILE_RELEASE_LTO: 'off',
  CARGO_PROFILE_RELEASE_CODEGEN_UNITS: '16',
  CARGO_PROFILE_DEV_DEBUG: 'false',
  CARGO_PROFILE_DEV_STRIP: 'symbols',
} as const;

/** How a crate is compiled. */
export interface CrateOptions extends Pick<CargoBuild, 'env' | 'flags' | 'profile' | 'readable' | 'target'> {
  /** How long the first build takes, for messages: `about 15 minutes`. */
  readonly duration?: string;
}

/** Compiles a crate of a source, into cargo's directory of this configuration. */
export function buildCrate(
  crate: string,
  { cargo }: Pick<CargoSource, 'cargo'>,
  { config, say, signal }: BuildContext,
  { duration: _, env, ...options }: CrateOptions,
): Promise<CargoBuilt> {
  const targetDir = targetDirOf(config);
  return cargoBuild({ cargo, crate, targetDir, signal, say, ...options, env: { ...PROFILE, ...env } });
}

/**
 * Compiles a crate of a source and copies its program, found by the name of `binary`, to the path `binary`.
 */
export async function compileCrate(
  crate: string,
  binary: string,
  source: CargoSource,
  context: BuildContext,
  options: CrateOptions = {},
): Promise<CargoBuilt> {
  context.say(compiling(source, options.duration));
  const targetDir = targetDirOf(context.config);
  const built = await buildCrate(crate, source, context, options);
  const output = options.profile === 'dev' ? 'debug' : 'release';
  await takeProgram(targetDir, join(options.target ?? '', output, basename(binary)), binary);
  return built;
}
