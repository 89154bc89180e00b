import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { defined } from '../defined.ts';
import { HarnessError } from '../errors.ts';
import { type Environment, ExecError, minimalEnv, run } from '../process/exec.ts';
import { inTemporaryDirectory } from '../temporary-directory.ts';
import { type CargoRunner, type CrateToBuild, isolatedCargo, plainCargo } from './cargo-runner.ts';
import { cargoVersion } from './rust-toolchain.ts';

/** A cargo executable, and the toolchain that it uses by default. */
export interface Cargo {
  readonly path: string;
  /** Version of cargo, such as `1.95.0`. */
  readonly version: string;
  /** rustup's name of the toolchain; absent if cargo is not installed by rustup. */
  readonly toolchain?: string;
  /** Environment of cargo: proxies, CARGO_HOME, RUSTUP_HOME and the like. */
  readonly env: Environment;
  /** Whether builds run isolated from this machine; by default they run as this process's user. */
  readonly isolated?: boolean;
}

/** Determines the version and toolchain of a cargo that runs with `env`. */
export async function identifyCargo(path: string, env: Environment, signal?: AbortSignal): Promise<Cargo> {
  const version = await cargoVersion(path, { env, signal, cwd: '/' });
  const toolchain = await activeToolchain({ path, env }, signal);
  return { path, version, env, ...defined({ toolchain }) };
}

async function activeToolchain(
  cargo: Pick<Cargo, 'path' | 'env'>,
  signal: AbortSignal | undefined,
): Promise<string | undefined> {
  const options = { signal, cwd: '/', env: cargoEnvironment(cargo) };
  try {
    return (await run(['rustup', 'show', 'active-toolchain'], options)).stdout.split(/\s/, 1)[0];
  } catch (error) {
    // A failure means that cargo was not installed by rustup: there is only one toolchain, and projects cannot select
    // another.
    if (error instanceof ExecError && !signal?.aborted) return undefined;
    throw error;
  }
}

/** Environment with which cargo finds its toolchain and reaches registries and repositories. */
export function cargoEnvironment({ env, path }: Pick<Cargo, 'path' | 'env'>): Record<string, string> {
  return {
    PATH: `${dirname(path)}:${minimalEnv()['PATH']}`,
    // Makes cargo fetch with git, so that the user's git configuration (proxies, mirrors, keys) applies to dependencies
    // too.
    CARGO_NET_GIT_FETCH_WITH_CLI: 'true',
    GIT_TERMINAL_PROMPT: '0',
    ...env,
  };
}

/** Options of {@link cargoBuild}. */
export interface CargoBuild extends Omit<CrateToBuild, 'cargo'> {
  readonly cargo: Cargo;
  /** Additional flags of `cargo build`. */
  readonly flags?: readonly string[];
  say(text: string): void;
}

/** Maximum number of crates whose locked version a build may replace. */
const MAX_UPDATES = 6;

/** What a build says that changed the lock file before it compiled anything. */
const LOCK_FILE_CHANGES =
  "built without --locked: the user's cargo configuration, such as a [patch], changes the lock file";

/** What {@link cargoBuild} did. */
export interface CargoBuilt {
  /** Version of the toolchain that compiled the crate. */
  readonly rust: string;
  /** Descriptions of what differs from a build with the locked dependencies and the requested toolchain. */
  readonly changes: readonly string[];
}

/**
 * Builds a crate with its locked dependencies, unless the user's cargo configuration changes them. If a toolchain newer than the crate cannot compile one of them, only
 * that one is updated, to the newest version that its requirement allows.
 */
export async function cargoBuild(build: CargoBuild): Promise<CargoBuilt> {
  if (!build.cargo.isolated) return buildWith((env) => plainCargo(build, env), build);
  return inTemporaryDirectory(join(tmpdir(), 'kata-cc-build-'), (directory) =>
    buildWith((env) => isolatedCargo(build, env, directory), build),
  );
}

async function buildWith(
  runnerWith: (env: Environment) => Promise<CargoRunner>,
  build: CargoBuild,
): Promise<CargoBuilt> {
  const { cargo, flags = [], say, signal } = build;
  const changes: string[] = [];
  const { runner, missing } = await selectedRunner(runnerWith, build);
  if (missing !== undefined) {
    changes.push(`built with Rust ${cargo.version}: the source requests ${missing}, which cannot be installed`);
  }
  const updated = new Set<string>();
  let mayLock = true;
  for (;;) {
    try {
      const locked = mayLock && updated.size === 0 ? ['--locked'] : [];
      await runner.build([...flags, ...locked]);
      return { rust: runner.rust, changes };
    } catch (error) {
      if (!(error instanceof ExecError) || signal?.aborted) throw error;
      const lacking = missingPackage(error.stderr);
      if (lacking !== undefined) {
        const problem = `a dependency of this source requires the package ${lacking}: install it first`;
        throw new HarnessError('cargo', problem, { cause: error });
      }
      if (mayLock && rejectsLocked(error.stderr)) {
        mayLock = false;
        say(LOCK_FILE_CHANGES);
        changes.push(LOCK_FILE_CHANGES);
        continue;
      }
      const culprit = isOfSource(error.stderr) ? undefined : failedCrate(error.stderr);
      if (culprit === undefined || updated.has(culprit) || updated.size === MAX_UPDATES) throw error;
      updated.add(culprit);
      say(`${culprit} does not build with Rust ${cargo.version}; taking its newest compatible version`);
      const { stderr } = await runner.update(culprit);
      const change = parseUpdate(stderr, culprit);
      if (change === undefined) throw error;
      changes.push(change);
    }
  }
}

/**
 * The cargo of the toolchain that a project requests. `missing` is that toolchain if rustup cannot install it; the
 * user's own then compiles the project.
 */
async function selectedRunner(
  runnerWith: (env: Environment) => Promise<CargoRunner>,
  { cargo, signal }: CargoBuild,
): Promise<{ readonly runner: CargoRunner; readonly missing?: string }> {
  const env = cargoEnvironment(cargo);
  try {
    return { runner: await runnerWith(env) };
  } catch (error) {
    if (!(error instanceof ExecError) || signal?.aborted || cargo.toolchain === undefined) throw error;
    const missing = /(\d+\.\d+(?:\.\d+)?|nightly|beta|stable)/.exec(error.stderr)?.[1] ?? 'another';
    return { runner: await runnerWith({ ...env, RUSTUP_TOOLCHAIN: cargo.toolchain }), missing };
  }
}

/** Debian packages by the build error that occurs if they are missing. Agents of generation image-rs need them. */
const PACKAGES: readonly (readonly [said: RegExp, name: string])[] = [
  [/Unable to find libclang/, 'libclang-dev'],
  [/'libdevmapper\.h' file not found/, 'libdevmapper-dev'],
  [/(?:unable to find library|cannot find) -lseccomp/, 'libseccomp-dev'],
  [/Could not find `protoc`/, 'protobuf-compiler'],
];

/** The Debian package that a failed build lacks; `undefined` if it failed for another reason. */
export function missingPackage(stderr: string): string | undefined {
  return PACKAGES.find(([said]) => said.test(stderr))?.[1];
}

/** Whether cargo refused to build because it would have to change the lock file. Source: cargo 1.95. */
export function rejectsLocked(stderr: string): boolean {
  return /^error: (?:cannot update the lock file|the lock file) .* (?:because|but) --locked was passed/m.test(stderr);
}

/**
 * Whether the compiler found an error in the source itself, and not in a dependency: it names a file relative to the source. Files of
 * dependencies from a registry or from git have absolute paths. Source: rustc 1.95.
 */
export function isOfSource(stderr: string): boolean {
  return /^error(?:\[E\d+\])?: .*\n +--> (?!\/)/m.test(stderr);
}

/** The dependency that cargo failed to compile: `time`, or `time@0.3.20` if the errors contain its version. */
export function failedCrate(stderr: string): string | undefined {
  const [, name, version] =
    /^error: (?:could not compile|failed to run custom build command for) `([\w-]+)(?: v([^\s`]+))?`/m.exec(stderr) ??
    [];
  if (name === undefined) return undefined;
  const found = version ?? new RegExp(`/${name}-(\\d+\\.\\d+\\.\\d+[^/]*)/`).exec(stderr)?.[1];
  return found === undefined ? name : `${name}@${found}`;
}

/**
 * Description of a crate's update from cargo's output, such as `cargo update --package proc-macro2: 1.0.28 to 1.0.95`.
 */
export function parseUpdate(stderr: string, crate: string): string | undefined {
  const [, from, to] =
    new RegExp(`^ *Updating ${crate.replace(/@.*/, '')} v(\\S+).* -> v(\\S+)`, 'm').exec(stderr) ?? [];
  return from === undefined ? undefined : `cargo update --package ${crate}: ${from} to ${to}`;
}
