import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, rename, stat, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { ifThere, jsonObject, readIfThere } from '../../helpers/files.ts';

/** One file of an artefact at the artefact's build, and the inode's change time when the file was last read. */
interface Seen {
  readonly size: number;
  readonly sha256: string;
  readonly ctimeMs: number;
}

interface Contents {
  /** Time at which all files of the artefact were last read, in milliseconds since the epoch. */
  readonly readAt: number;
  readonly files: Readonly<Record<string, Seen>>;
}

/** Name of the file in an artefact's directory that records its contents. */
const CONTENTS = '.contents.json';
/**
 * How long an artefact's file with an unchanged inode is not read again, in milliseconds: bit rot does not change the
 * inode.
 */
const TRUST_MS = 24 * 3_600_000;

/** Records the contents of a new artefact. */
export async function recordContents(directory: string): Promise<void> {
  const files: Record<string, Seen> = {};
  for (const path of await filesIn(directory)) files[path] = await look(join(directory, path));
  await write(directory, files);
}

/**
 * The damage to an artefact, a missing or changed file; `undefined` if the artefact is complete. Files are read if
 * their inode has changed, and once a day. An artefact without a record of its contents gets one.
 */
export async function damageTo(directory: string, now: number = Date.now()): Promise<string | undefined> {
  const contents = await read(directory);
  if (contents === undefined) {
    await recordContents(directory);
    return undefined;
  }
  if (contents === 'unreadable') return `damaged: ${CONTENTS} is invalid`;
  const again = now - contents.readAt > TRUST_MS;
  const files: Record<string, Seen> = {};
  let changed = again;
  for (const [path, made] of Object.entries(contents.files)) {
    const found = await ifThere(stat(join(directory, path)));
    if (found === undefined) return `damaged: ${path} is gone`;
    const { ctimeMs, size } = found;
    if (size !== made.size) return `damaged: ${path} has ${size} bytes instead of ${made.size}`;
    if (ctimeMs === made.ctimeMs && !again) continue;
    const seen = await look(join(directory, path));
    if (seen.sha256 !== made.sha256) return `damaged: the content of ${path} has changed`;
    files[path] = seen;
    changed = true;
  }
  if (changed) await write(directory, { ...contents.files, ...files }, again ? now : contents.readAt);
  return undefined;
}

async function look(file: string): Promise<Seen> {
  const { ctimeMs, size } = await stat(file);
  const hash = createHash('sha256');
  await pipeline(createReadStream(file, { highWaterMark: 2 ** 20 }), hash);
  return { size, ctimeMs, sha256: hash.digest('hex') };
}

async function filesIn(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && entry.name !== CONTENTS)
    .map((entry) => relative(directory, join(entry.parentPath, entry.name)))
    .sort();
}

async function write(directory: string, files: Contents['files'], readAt: number = Date.now()): Promise<void> {
  const file = join(directory, CONTENTS);
  // The record is written to another file and renamed: two runs may check the artefact at the same time.
  const partial = `${file}.${process.pid}`;
  await writeFile(partial, JSON.stringify({ readAt, files } satisfies Contents));
  await rename(partial, file);
}

async function read(directory: string): Promise<Contents | 'unreadable' | undefined> {
  const text = await readIfThere(join(directory, CONTENTS));
  if (text === undefined) return undefined;
  const contents = jsonObject(text) as Partial<Contents> | undefined;
  const { files, readAt } = contents ?? {};
  return typeof files === 'object' && typeof readAt === 'number' ? { files, readAt } : 'unreadable';
}
