import { appendFileSync, closeSync, fsyncSync, openSync } from 'node:fs';
import {
  chmod,
  chown,
  cp,
  lstat,
  lutimes,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  readlink,
  rename,
  rm,
  rmdir,
  stat,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { HarnessError, messageOf } from '../../helpers/errors.ts';
import { fileExists, ifThere } from '../../helpers/files.ts';
import { commandLine, run } from '../../helpers/process/exec.ts';
import type { Config } from '../config/validated.ts';

/** State of a path before its first change by the installation. */
type Original =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'directory' }
  | { readonly kind: 'link'; readonly target: string; readonly mtimeMs: number }
  | {
      readonly kind: 'file';
      readonly copy: string;
      readonly mode: number;
      readonly uid: number;
      readonly gid: number;
      readonly mtimeMs: number;
    };

interface Changed {
  readonly path: string;
  readonly original: Original;
}

/** A command that undo runs after it has restored everything that was changed after the command's registration. */
interface Deferred {
  readonly command: readonly string[];
}

type Entry = Changed | Deferred;

const ENTRIES = 'entries.jsonl';
/** Largest difference between the mtimes of a file and its copy, in milliseconds: copying loses precision. */
const COPIED_WITHIN_MS = 2;
const COMMAND_TIMEOUT_MS = 600_000;

/** The installation on this machine; the cache directory keeps the originals. */
export function installationOf({ cacheDir }: Pick<Config, 'cacheDir'>): Installation {
  return new Installation(join(cacheDir, 'installation'));
}

/**
 * Changes of this machine that outlive a run: Kata's binaries, images and configuration. Before the first change of a
 * path, its original is saved on disk, so that {@link Installation.undo} can restore everything byte for byte, at any
 * time and from any process.
 */
export class Installation {
  readonly #directory: string;

  /** `directory` stores the originals, so it must survive reboots. */
  constructor(directory: string) {
    this.#directory = directory;
  }

  /**
   * Writes a file atomically and creates its parent directories. Without `mode`, an existing file keeps its mode and
   * owner, and a new file is readable by all.
   */
  async write(path: string, content: string | Uint8Array, mode?: number): Promise<void> {
    await this.#keep(path);
    const now = await ifThere(stat(path));
    const partial = `${path}.kata-cc`;
    await writeFile(partial, content, { mode: 0o600 });
    if (now !== undefined) await chown(partial, now.uid, now.gid);
    await chmod(partial, mode ?? (now === undefined ? 0o644 : now.mode & 0o7777));
    await rename(partial, path);
  }

  /**
   * Writes files, and keeps them if `use` resolves. If `use` rejects, restores the previous contents byte for byte and
   * rejects with the same error.
   */
  async attempt(
    files: readonly { readonly path: string; readonly text: string }[],
    use: () => Promise<void>,
  ): Promise<void> {
    await mkdir(this.#directory, { recursive: true, mode: 0o700 });
    const copies = await mkdtemp(join(this.#directory, 'before-'));
    try {
      const before: Changed[] = [];
      try {
        for (const [index, { path, text }] of files.entries()) {
          before.push({ path, original: await originalOf(path, join(copies, String(index))) });
          await this.write(path, text);
        }
        await use();
      } catch (error) {
        for (const changed of before) await restore(changed);
        throw error;
      }
    } finally {
      await rm(copies, { recursive: true });
    }
  }

  /**
   * Copies a file or a tree to its place on this machine. Other files in existing directories are kept, and up-to-date
   * copies are not copied again.
   */
  async copy(from: string, to: string): Promise<void> {
    const ours = new Set(await this.paths());
    for (const path of await filesBelow(from)) {
      const target = join(to, path);
      if (ours.has(target) && (await isCopyOf(join(from, path), target))) continue;
      await this.#keep(target);
      const partial = `${target}.kata-cc`;
      await cp(join(from, path), partial, { preserveTimestamps: true, verbatimSymlinks: true });
      await rename(partial, target);
    }
  }

  /** Creates a directory for other programs to write to; undo removes the created directories that are empty. */
  async directory(path: string): Promise<void> {
    await mkdir(this.#directory, { recursive: true, mode: 0o700 });
    const known = new Set(await this.paths());
    for (const missing of await missingDirectories(path)) {
      if (!known.has(missing)) this.#record({ path: missing, original: { kind: 'nothing' } });
      await mkdir(missing);
    }
  }

  /** Creates a symbolic link. */
  async link(path: string, target: string): Promise<void> {
    await this.#keep(path);
    await rm(path, { force: true });
    await symlink(target, path);
  }

  /**
   * Registers a command that undo runs after it has restored everything that is changed from now on. It must be
   * registered before the change. A command that is registered again runs once.
   */
  async defer(command: readonly string[]): Promise<void> {
    await mkdir(this.#directory, { recursive: true, mode: 0o700 });
    const known = (await this.#entries()).some((entry) => 'command' in entry && same(entry.command, command));
    if (!known) this.#record({ command });
  }

  /**
   * Registers a command as {@link Installation.defer}, with the path of a record as its last argument: what `read` returns, as JSON. The
   * record of the first call is kept, because only that one describes the machine before the change.
   */
  async deferWithRecord(name: string, command: readonly string[], read: () => Promise<object>): Promise<void> {
    const file = join(this.#directory, `${name}.json`);
    if (!(await fileExists(file))) {
      const content = JSON.stringify(await read());
      await mkdir(this.#directory, { recursive: true, mode: 0o700 });
      const partial = `${file}.partial`;
      await writeFile(partial, content, { mode: 0o600, flush: true });
      await rename(partial, file);
    }
    await this.defer([...command, file]);
  }

  /** Paths that the installation has changed, oldest change first. */
  async paths(): Promise<readonly string[]> {
    return (await this.#entries()).flatMap((entry) => ('path' in entry ? [entry.path] : []));
  }

  /**
   * Restores the originals of all changed paths, last change first, and returns what it did. It continues after
   * failures, throws all of them in one error at the end, and retries them on the next call.
   */
  async undo(): Promise<readonly string[]> {
    const done: string[] = [];
    const problems: string[] = [];
    for (const entry of (await this.#entries()).reverse()) {
      const shown = 'path' in entry ? entry.path : commandLine(entry.command);
      try {
        if ('path' in entry) await restore(entry);
        else await run(entry.command, { timeoutMs: COMMAND_TIMEOUT_MS });
        done.push(shown);
      } catch (error) {
        problems.push(`${shown}: ${messageOf(error)}`);
      }
    }
    if (problems.length > 0) {
      throw new HarnessError('installation', `not undone, see ${this.#directory}:\n${problems.join('\n')}`);
    }
    await rm(this.#directory, { recursive: true, force: true });
    return done;
  }

  async #entries(): Promise<Entry[]> {
    const file = join(this.#directory, ENTRIES);
    if (!(await fileExists(file))) return [];
    const lines = (await readFile(file, 'utf8')).split('\n').slice(0, -1);
    return lines.map((line) => JSON.parse(line) as Entry);
  }

  /** Saves the original state of `path` and of each missing parent directory. */
  async #keep(path: string): Promise<void> {
    await this.directory(dirname(path));
    const known = new Set(await this.paths());
    if (known.has(path)) return;
    this.#record({ path, original: await originalOf(path, join(this.#directory, `original-${known.size}`)) });
  }

  #record(entry: Entry): void {
    const descriptor = openSync(join(this.#directory, ENTRIES), 'a', 0o600);
    try {
      appendFileSync(descriptor, `${JSON.stringify(entry)}\n`);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
  }
}

/** State of a path before its change; the content of a file is saved as `copy`. */
async function originalOf(path: string, copy: string): Promise<Original> {
  const found = await lstat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (found === undefined) return { kind: 'nothing' };
  if (found.isSymbolicLink()) return { kind: 'link', target: await readlink(path), mtimeMs: found.mtimeMs };
  if (found.isDirectory()) return { kind: 'directory' };
  await cp(path, copy);
  const { gid, mode, mtimeMs, uid } = found;
  return { kind: 'file', copy, mode: mode & 0o7777, uid, gid, mtimeMs };
}

/** Whether a file is an up-to-date copy: copies have their source's mtime. */
async function isCopyOf(from: string, to: string): Promise<boolean> {
  const [one, two] = await Promise.all([lstat(from), ifThere(lstat(to))]);
  if (two === undefined || two.size !== one.size || two.mode !== one.mode) return false;
  return Math.abs(two.mtimeMs - one.mtimeMs) < COPIED_WITHIN_MS;
}

function same(one: readonly string[], two: readonly string[]): boolean {
  return JSON.stringify(one) === JSON.stringify(two);
}

async function restore({ original, path }: Changed): Promise<void> {
  if (original.kind === 'directory') return;
  const now = await ifThere(lstat(path));
  if (original.kind === 'nothing' && now?.isDirectory()) {
    // The directory stays if it is not empty: another program may have put files there since.
    await rmdir(path).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOTEMPTY') throw error;
    });
    return;
  }
  await rm(path, { force: true });
  if (original.kind === 'nothing') return;
  await mkdir(dirname(path), { recursive: true });
  if (original.kind === 'link') {
    await symlink(original.target, path);
    return lutimes(path, new Date(), original.mtimeMs / 1_000);
  }
  await cp(original.copy, path);
  await chown(path, original.uid, original.gid);
  await chmod(path, original.mode);
  await utimes(path, new Date(), original.mtimeMs / 1_000);
}

/** The missing directories on a path, topmost first. */
async function missingDirectories(path: string): Promise<string[]> {
  const missing: string[] = [];
  for (let at = path; !(await fileExists(at)); at = dirname(at)) missing.unshift(at);
  return missing;
}

/** Paths of all files at or below `from`, relative to it; '' for a file itself. */
async function filesBelow(from: string): Promise<string[]> {
  if (!(await lstat(from)).isDirectory()) return [''];
  const entries = await readdir(from, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name).slice(from.length + 1))
    .sort();
}
