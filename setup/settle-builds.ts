import { createHash } from 'node:crypto';
import { lstat, opendir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ConfigError, messageOf } from '../helpers/errors.ts';
import { parseRepository } from '../helpers/git/repository.ts';
import { resolveRevision, type Snapshot } from '../helpers/git/snapshot.ts';
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
}

type Choice = Pick<Config, 'bundle' | 'kernel' | 'kernelSource' | 'qemu' | 'qemuRepo' | 'qemuVersion'> &
  Pick<Settled, 'source' | 'target'>;

/** Finds out what `KATA_KERNEL=source` and `KATA_QEMU=source` are made of. Throws {@link ConfigError}. */
export async function settleBuilds(
  config: Choice,
  { kata, store, signal }: { kata: () => Promise<KataRevision>; store: string; signal?: AbortSignal | undefined },
): Promise<Builds> {
  if (config.bundle !== undefined) return {};
  const kernel = config.kernel === 'source' && config.target !== 'local';
  const qemu = config.qemu === 'source' && config.target === 'kata';
  if (!kernel && !qemu) return {};
  return {
    packaging: config.source ?? (await kata()),
    ...(kernel && config.kernelSource !== undefined ? { givenKernel: await givenKernel(config.kernelSource) } : {}),
    ...(qemu ? await givenQemu(config, store, signal) : {}),
  };
}

async function givenKernel(path: string): Promise<GivenKernel> {
  const found = await stat(path).catch(() => undefined);
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

async function givenQemu(
  { qemuRepo, qemuVersion }: Choice,
  store: string,
  signal: AbortSignal | undefined,
): Promise<Pick<Builds, 'givenQemu'>> {
  if (qemuRepo === undefined || qemuVersion === undefined) return {};
  try {
    return { givenQemu: await resolveRevision(parseRepository(qemuRepo), qemuVersion, store, signal) };
  } catch (cause) {
    throw new ConfigError(`KATA_QEMU_VERSION=${qemuVersion}: ${messageOf(cause)}`, { cause });
  }
}
