import { chmod, chown, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { defined } from '../defined.ts';
import { fileExists } from '../files.ts';
import { giveToBuild, rejectLinks } from '../isolation/ownership.ts';
import { runBuild } from '../isolation/run-build.ts';
import { BUILD_ID, readOnlyCommand, type Sandbox } from '../isolation/sandbox.ts';
import { type Environment, type Finished, minimalEnv, run } from '../process/exec.ts';
import { FETCHED, readSettings, registryVariables, UNTOUCHED } from './cargo-home.ts';
import { readableCrates } from './readable-crates.ts';
import { cargoVersion, provideTarget, type RustToolchain, sourceRoot, sourceToolchain } from './rust-toolchain.ts';

/** Runs cargo for one build. */
export interface CargoRunner {
  /** Version of the toolchain that compiles the crate. */
  readonly rust: string;
  /** Compiles the crate, which runs the build scripts of the crate and of its dependencies. */
  build(flags: readonly string[]): Promise<Finished>;
  /** Updates a dependency in the lock file; runs no code of the source. */
  update(crate: string): Promise<Finished>;
}

/** Profile of cargo: `dev` is incremental, neither optimised nor without debug assertions. Source: "Profiles" of the Cargo book. */
export type CargoProfile = 'dev' | 'release';

/** A crate to build, and the cargo that builds it. */
export interface CrateToBuild {
  readonly cargo: { readonly path: string };
  /** Directory of the crate, which must be a copy: the build may change its lock file. */
  readonly crate: string;
  /** Profile of cargo; `release` by default. */
  readonly profile?: CargoProfile;
  /** Target of rustc, `x86_64-unknown-linux-musl`; this machine's by default. */
  readonly target?: string;
  /** Further environment variables of the build, such as settings of the profile. */
  readonly env?: Environment;
  /** Files and directories besides the source that an isolated build may read. */
  readonly readable?: readonly string[];
  /** Directory in which compiled crates are kept between builds. */
  readonly targetDir: string;
  readonly signal?: AbortSignal;
}

/** Runs cargo as this process's user, in the directory of the crate. */
export async function plainCargo(build: CrateToBuild, env: Environment): Promise<CargoRunner> {
  const { cargo, crate, signal, target, targetDir } = build;
  const options = { cwd: crate, env: { ...env, ...build.env, CARGO_TARGET_DIR: targetDir }, signal };
  const rust = await cargoVersion(cargo.path, options);
  if (target !== undefined) await provideTarget(target, options);
  return {
    rust,
    build: (flags) => run([cargo.path, ...buildArguments(build, flags)], options),
    update: (name) => run([cargo.path, 'update', '--package', name], options),
  };
}

function buildArguments({ profile = 'release', target }: CrateToBuild, flags: readonly string[]): readonly string[] {
  return ['build', '--profile', profile, ...(target === undefined ? [] : ['--target', target]), ...flags];
}

/**
 * Fetches a crate's dependencies as this process's user, with the user's settings and credentials, and compiles them
 * isolated, without a network. `directory` is for files of this build.
 *
 * Fetching runs no code of the source: it starts in `/`, so that neither a rust-toolchain file nor a .cargo/config.toml of
 * the source applies. The latter may name programs that cargo runs to fetch: the compiler and its wrapper, which cargo
 * asks for the target, and credential providers. Source: "Configuration" of the Cargo book.
 */
export async function isolatedCargo(build: CrateToBuild, env: Environment, directory: string): Promise<CargoRunner> {
  const { cargo, crate, readable = [], signal, target, targetDir } = build;
  const root = await sourceRoot(crate);
  const home = env['CARGO_HOME'] ?? join(minimalEnv()['HOME'] ?? '/root', '.cargo');
  for (const made of [home, targetDir]) await mkdir(made, { recursive: true });
  await chown(targetDir, BUILD_ID, BUILD_ID);
  const toolchain = await sourceToolchain(crate, { path: cargo.path, env, signal });
  const selected = { cwd: '/', env: { ...env, ...defined({ RUSTUP_TOOLCHAIN: toolchain.name }) }, signal };
  if (target !== undefined) await provideTarget(target, selected);
  const settings = await readSettings(home);
  const file = join(directory, 'config.toml');
  await writeFile(file, settings?.text ?? '');
  // The user of builds has to read it, whichever umask this process has.
  await chmod(file, 0o644);

  const manifest = ['--manifest-path', join(crate, 'Cargo.toml')];
  const kept = UNTOUCHED.map((name) => join(home, name));
  const asUser = async (args: readonly string[]): Promise<Finished> => {
    const command = [cargo.path, ...args, ...manifest];
    await rejectLinks(root, 'Cargo.lock');
    return run(readOnlyCommand({ writable: [home, root], kept }, command), { ...selected, shownAs: command });
  };
  // After the fetch, which may unpack further crates.
  const sandbox = async (): Promise<Sandbox> => ({
    writable: [root, targetDir],
    readable: [toolchain.root, ...(await fetchedIn(home)), ...(settings?.used ?? []), ...readable],
    renamed: [{ source: file, target: join(home, 'config.toml') }, ...(await readableCrates(home, directory, signal))],
  });
  return {
    rust: toolchain.version,
    async build(flags) {
      await asUser(['fetch', ...flags.filter((flag) => flag === '--locked'), ...targetsOf(target)]);
      await giveToBuild([root]);
      return runBuild([toolchain.cargo, ...buildArguments(build, flags)], {
        sandbox: await sandbox(),
        cwd: crate,
        env: { ...buildVariables(toolchain, env), ...build.env, CARGO_HOME: home, CARGO_TARGET_DIR: targetDir },
        signal,
      });
    },
    update: (name) => asUser(['update', '--package', name]),
  };
}

function buildVariables({ root }: RustToolchain, env: Environment): Environment {
  return {
    ...registryVariables(env),
    PATH: `${root}/bin:${minimalEnv()['PATH']}`,
    CARGO_NET_OFFLINE: 'true',
  };
}

async function fetchedIn(home: string): Promise<string[]> {
  const paths = FETCHED.map((name) => join(home, name));
  const there = await Promise.all(paths.map(fileExists));
  return paths.filter((_, index) => there[index]);
}

/** The platforms whose dependencies a build needs, as flags of `cargo fetch`: this machine's, and the one built for. */
function targetsOf(target: string | undefined): string[] {
  const machine = `${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}-unknown-linux-gnu`;
  return [machine, ...(target === undefined ? [] : [target])].flatMap((name) => ['--target', name]);
}
