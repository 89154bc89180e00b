import { readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { stringify } from '@decimalturn/toml-patch';
import { HarnessError, messageOf } from '../errors.ts';
import { fileExists, readIfThere } from '../files.ts';
import type { Environment } from '../process/exec.ts';
import { isTable, parseToml, type TomlTable, valueAt } from '../text/toml-read.ts';

/** The parts of CARGO_HOME with the crates and repositories that cargo has fetched. */
export const FETCHED = ['registry', 'git'] as const;

/** The parts of CARGO_HOME that no fetch changes: programs, settings and credentials of the user. */
export const UNTOUCHED = ['bin', 'config', 'config.toml', 'credentials', 'credentials.toml', 'env'] as const;

/** cargo's own settings, for a build of a source that is not trusted. */
export interface BuildSettings {
  /** Content of the build's config.toml. */
  readonly text: string;
  /** Directories on this machine from which the settings take crates. */
  readonly used: readonly string[];
}

/** The user's settings of cargo; `undefined` if there are none. Source: "Configuration" of the Cargo book. */
export async function readSettings(cargoHome: string): Promise<BuildSettings | undefined> {
  for (const name of ['config', 'config.toml']) {
    const file = join(cargoHome, name);
    if (!(await fileExists(file))) continue;
    try {
      const { text, crates, sources } = settingsForBuild(await readFile(file, 'utf8'), dirname(cargoHome));
      return { text, used: [...new Set([...(await Promise.all(crates.map(workspaceOf))), ...sources])] };
    } catch (cause) {
      throw new HarnessError('cargo', `${file}: ${messageOf(cause)}`, { cause });
    }
  }
  return undefined;
}

/** Tables of config.toml that decide the result of a build. */
const KEPT = ['env', 'patch', 'profile', 'source', 'target'] as const;

/** The entries of the table `build` that decide the result of a build. */
const KEPT_OF_BUILD = ['incremental', 'jobs', 'rustflags', 'target'] as const;

/**
 * Selects from a config.toml what decides the result of a build: replaced crates and registries, flags, profiles and
 * variables. Left out are credentials, proxies, and programs that wrap the compiler and may need the user's home. Also
 * returns the directories of replaced crates, and those that replace registries; relative paths start at `base`.
 */
export function settingsForBuild(
  config: string,
  base: string,
): { readonly text: string; readonly crates: readonly string[]; readonly sources: readonly string[] } {
  const settings = parseToml(config);
  const { patch, paths, registries, source } = settings;
  const kept = {
    ...(Array.isArray(paths) ? { paths } : {}),
    ...pick(settings, KEPT),
    registries: Object.fromEntries(
      Object.entries(table(registries)).map(([name, registry]) => [name, pick(registry, ['index'])]),
    ),
    build: pick(settings['build'], KEPT_OF_BUILD),
  };
  const patched = Object.values(table(patch)).flatMap((crates) => Object.values(table(crates)));
  const replacing = Object.values(table(source)).flatMap((one) => [
    table(one)['directory'],
    table(one)['local-registry'],
  ]);
  const directories = (values: readonly unknown[]): string[] =>
    values.filter((path) => typeof path === 'string').map((path) => resolve(base, path));
  return {
    text: stringify(kept),
    crates: directories([...patched.map((crate) => table(crate)['path']), ...(Array.isArray(paths) ? paths : [])]),
    sources: directories(replacing),
  };
}

/** The directory of the workspace that contains a crate, from which the crate may inherit; the crate's own if none does. */
async function workspaceOf(crate: string): Promise<string> {
  for (let directory = crate; directory !== '/'; directory = dirname(directory)) {
    const manifest = await readIfThere(join(directory, 'Cargo.toml'));
    if (manifest !== undefined && valueAt(parseToml(manifest), ['workspace']) !== undefined) return directory;
  }
  return crate;
}

function table(value: unknown): TomlTable {
  return isTable(value) ? value : {};
}

function pick(value: unknown, names: readonly string[]): TomlTable {
  return Object.fromEntries(Object.entries(table(value)).filter(([name]) => names.includes(name)));
}

/**
 * The variables of cargo that a build needs besides its directories: the addresses of registries. Tokens, credential
 * providers, proxies and certificates are only for fetching dependencies.
 */
export function registryVariables(env: Environment): Environment {
  const isAddress = (name: string): boolean =>
    name === 'CARGO_REGISTRY_DEFAULT' || /^CARGO_REGISTRIES_.*_(INDEX|PROTOCOL)$/.test(name);
  return Object.fromEntries(Object.entries(env).filter(([name]) => isAddress(name)));
}
