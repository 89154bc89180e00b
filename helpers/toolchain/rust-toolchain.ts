import { copyFile, readFile, realpath } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { HarnessError, messageOf } from '../errors.ts';
import { fileExists } from '../files.ts';
import { type Environment, ExecError, type RunOptions, run } from '../process/exec.ts';
import { inTemporaryDirectory } from '../temporary-directory.ts';

/** Names of the files in which a source selects its toolchain, in rustup's order of precedence. */
const FILES = ['rust-toolchain', 'rust-toolchain.toml'] as const;

/** A toolchain on this machine. */
export interface RustToolchain {
  /** Its cargo, not rustup's proxy of it. */
  readonly cargo: string;
  /** Directory of the toolchain. */
  readonly root: string;
  /** Version of its cargo. */
  readonly version: string;
  /** rustup's name of the toolchain; absent if rustup did not install it. */
  readonly name?: string;
}

/** Timeout of the installation of a toolchain by rustup. */
const TOOLCHAIN_MS = 300_000;

/** Version of a cargo; in the directory of a source, rustup installs the toolchain that the source selects. */
export async function cargoVersion(path: string, options: RunOptions): Promise<string> {
  const { stdout } = await run([path, '--version'], { ...options, timeoutMs: TOOLCHAIN_MS });
  const version = /^cargo (\S+)/.exec(stdout)?.[1];
  if (version !== undefined) return version;
  throw new HarnessError('cargo', `expected "cargo VERSION" from ${path} --version, not ${JSON.stringify(stdout)}`);
}

/** Has rustup install Rust's standard library for a target, unless the toolchain that `options` select has it. */
export async function provideTarget(target: string, options: RunOptions): Promise<void> {
  const { stdout } = await run(['rustc', '--print', 'target-libdir', '--target', target], options);
  if (await fileExists(stdout.trim())) return;
  await run(['rustup', 'target', 'add', target], { ...options, timeoutMs: TOOLCHAIN_MS }).catch((cause: unknown) => {
    if (options.signal?.aborted) throw cause;
    const problem = `Rust's standard library for ${target} is not installed, and rustup cannot install it`;
    throw new HarnessError('cargo', `${problem}: ${messageOf(cause)}`, { cause });
  });
}

/** What is needed to find a toolchain: the cargo that the user runs, and its environment. */
interface RustupOptions {
  readonly path: string;
  readonly env: Environment;
  readonly signal?: AbortSignal | undefined;
}

/**
 * The toolchain that a source selects for the directory `crate`, which rustup installs if it is missing; the default one
 * if it selects none. Runs no code of the source: rustup reads a copy of the file elsewhere, because a
 * file may name a directory whose programs rustup then runs.
 */
export async function sourceToolchain(crate: string, options: RustupOptions): Promise<RustToolchain> {
  const file = await selectionIn(crate, await sourceRoot(crate));
  if (file !== undefined && namesDirectory(await readFile(file, 'utf8'))) {
    throw new HarnessError('cargo', `${basename(file)} of the source names a directory; only names are accepted`);
  }
  return inTemporaryDirectory(join(tmpdir(), 'kata-cc-toolchain-'), async (directory) => {
    if (file !== undefined) await copyFile(file, join(directory, basename(file)));
    return toolchainIn(directory, options);
  });
}

/** The directory of the source that contains a crate: the one with `.git`, else the crate's own. */
export async function sourceRoot(crate: string): Promise<string> {
  for (let directory = crate; directory !== '/'; directory = dirname(directory)) {
    if (await fileExists(join(directory, '.git'))) return directory;
  }
  return crate;
}

async function toolchainIn(cwd: string, { env, path, signal }: RustupOptions): Promise<RustToolchain> {
  const version = await cargoVersion(path, { cwd, env, signal });
  const cargo = await withRustup(['which', 'cargo'], { cwd, env, signal });
  if (cargo === undefined) return { cargo: path, version, root: dirname(dirname(await realpath(path))) };
  const active = await withRustup(['show', 'active-toolchain'], { cwd, env, signal });
  const name = active?.split(/\s/, 1)[0] ?? '';
  const real = await realpath(cargo.trim());
  return { cargo: real, version, root: dirname(dirname(real)), name };
}

/** Output of rustup; `undefined` if it is not installed. */
async function withRustup(
  args: readonly string[],
  options: { readonly cwd: string; readonly env: Environment; readonly signal: AbortSignal | undefined },
): Promise<string | undefined> {
  try {
    return (await run(['rustup', ...args], options)).stdout;
  } catch (error) {
    if (error instanceof ExecError && !options.signal?.aborted) return undefined;
    throw error;
  }
}

async function selectionIn(crate: string, root: string): Promise<string | undefined> {
  for (let directory = crate; ; directory = dirname(directory)) {
    for (const name of FILES) if (await fileExists(join(directory, name))) return join(directory, name);
    if (directory === root || directory === '/') return undefined;
  }
}

/**
 * Whether a rust-toolchain file selects a toolchain by its directory, not by its name. Source: "Overrides" of the rustup
 * book.
 */
export function namesDirectory(text: string): boolean {
  return /\bpath\b|\//.test(text.replaceAll(/#.*/g, ''));
}
