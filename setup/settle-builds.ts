import { createHash } from 'node:crypto';
import { lstat, opendir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Cargo } from '../helpers/cargo.ts';
import { ConfigError, messageOf } from '../helpers/errors.ts';
import { ifThere } from '../helpers/files.ts';
import { parseRepository } from '../helpers/git/repository.ts';
import { resolveRevision, type Snapshot } from '../helpers/git/snapshot.ts';
import type { GitStore } from '../helpers/git/store.ts';
import type { Config } from './config.ts';
import type { KataRevision, Settled } from './settle.ts';

/** A kernel's source that the user has named. */
export interface GivenKernel {
  /** Of an unpacked tree, or of an archive. */
  readonly path: string;
  /** Another one when anything in it has changed. */
  readonly id: string;
}

/** What upstream's scripts are to make beside Kata's own programs. */
export interface Builds {
  /** Whose scripts; set when anything is made by them. */
  readonly packaging?: KataRevision;
  /** Set when the kernel is made of another source than the one the checkout names. */
  readonly givenKernel?: GivenKernel;
  /** Set when QEMU is made of another revision than the one the checkout names. */
  readonly givenQemu?: Snapshot;
  /** Set when the confidential data hub is built. */
  readonly hubBuild?: HubBuild;
}

/** How the confidential data hub is built. */
export interface HubBuild {
  readonly cargo: Cargo;
  /** Of what, when that is not the revision the checkout names. */
  readonly given?: Snapshot;
}

type Choice = Pick<Config, 'agent' | 'bundle' | 'dataHub' | 'kernel' | 'kernelSource' | 'qemu' | Given> &
  Pick<Settled, 'source' | 'target'>;

type Given = 'dataHubRepo' | 'dataHubVersion' | 'qemuRepo' | 'qemuVersion';

/** How to find out what is not in the configuration. */
interface Finding {
  readonly kata: () => Promise<KataRevision>;
  readonly cargo: () => Promise<Cargo | undefined>;
  readonly store: GitStore;
  readonly signal?: AbortSignal | undefined;
}

/** Finds out what is made of what, of all that is `source` beside Kata itself. Throws {@link ConfigError}. */
export async function settleBuilds(config: Choice, finding: Finding): Promise<Builds> {
  if (config.bundle !== undefined) return {};
  const kernel = config.kernel === 'source' && config.target !== 'local';
  const qemu = config.qemu === 'source' && config.target === 'kata';
  const hubBuild =
    config.dataHub === 'source' && config.agent !== 'stand-in' ? await settleHub(config, finding) : undefined;
  const named = kernel || qemu || (hubBuild !== undefined && hubBuild.given === undefined);
  return {
    ...(named ? { packaging: config.source ?? (await finding.kata()) } : {}),
    ...(kernel && config.kernelSource !== undefined ? { givenKernel: await givenKernel(config.kernelSource) } : {}),
    ...(qemu ? await givenQemu(config, finding) : {}),
    ...(hubBuild === undefined ? {} : { hubBuild }),
  };
}

async function settleHub({ dataHubRepo, dataHubVersion }: Choice, finding: Finding): Promise<HubBuild> {
  const cargo = await finding.cargo();
  if (cargo === undefined) throw new ConfigError('KATA_CDH=source: cargo is not installed (https://rustup.rs)');
  const given = await resolveGiven('KATA_CDH_VERSION', dataHubRepo, dataHubVersion, finding);
  return { cargo, ...(given === undefined ? {} : { given }) };
}

async function givenKernel(path: string): Promise<GivenKernel> {
  const found = await ifThere(stat(path));
  if (found === undefined) throw new ConfigError(`KATA_KERNEL_SOURCE=${path}: no such directory or archive`);
  const hash = createHash('sha256');
  // By names, sizes and times: reading a kernel's 80,000 files would take longer than what asks for this.
  if (found.isDirectory()) for await (const line of filesBelow(path)) hash.update(line);
  else hash.update(`${found.size} ${found.mtimeMs}`);
  return { path, id: hash.digest('hex').slice(0, 16) };
}

async function* filesBelow(directory: string): AsyncGenerator<string> {
  const names: string[] = [];
  const subdirectories: string[] = [];
  for await (const entry of await opendir(directory)) {
    if (entry.name === '.git') continue;
    (entry.isDirectory() ? subdirectories : names).push(entry.name);
  }
  for (const name of names.sort()) {
    const { mtimeMs, size } = await lstat(join(directory, name));
    yield `${name} ${size} ${mtimeMs}\n`;
  }
  for (const name of subdirectories.sort()) {
    yield `${name}/\n`;
    yield* filesBelow(join(directory, name));
  }
}

async function givenQemu({ qemuRepo, qemuVersion }: Choice, finding: Finding): Promise<Pick<Builds, 'givenQemu'>> {
  const given = await resolveGiven('KATA_QEMU_VERSION', qemuRepo, qemuVersion, finding);
  return given === undefined ? {} : { givenQemu: given };
}

/** What a repository and a revision are, where both are given; one alone goes with the other that Kata names. */
async function resolveGiven(
  variable: string,
  repository: string | undefined,
  revision: string | undefined,
  { signal, store }: Finding,
): Promise<Snapshot | undefined> {
  if (repository === undefined || revision === undefined) return undefined;
  try {
    return await resolveRevision(parseRepository(repository), revision, store, signal);
  } catch (cause) {
    throw new ConfigError(`${variable}=${revision}: ${messageOf(cause)}`, { cause });
  }
}
