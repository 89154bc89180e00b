import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { HarnessError } from '../../helpers/errors.ts';
import { fileExists, namesIn } from '../../helpers/files.ts';
import type { Hardware } from './machine.ts';

/** A dev VM as it was at a moment, programs running. What it consists of is in the disk, under its name. */
export interface Saved {
  readonly name: string;
  /** ISO 8601. */
  readonly at: string;
  /** It goes on in this, and in no other. */
  readonly hardware: Hardware;
}

/** The name of a saved dev VM, as users give it. */
export function savedName(given: string): string {
  if (/^[a-z][a-z0-9-]{0,31}$/.test(given)) return given;
  throw new HarnessError(
    'devvm',
    `"${given}" cannot be a name: it takes a letter, then letters, digits and dashes, all small, 32 at most`,
  );
}

/** What has been saved in a disk, newest first. */
export async function listSaved(disk: string): Promise<readonly Saved[]> {
  const saved = await Promise.all(
    (await namesIn(directoryOf(disk))).map(
      async (file) => JSON.parse(await readFile(join(directoryOf(disk), file), 'utf8')) as Saved,
    ),
  );
  return saved.sort((one, two) => two.at.localeCompare(one.at));
}

/** What has been saved under a name. The error of an unknown one says which there are. */
export async function findSaved(disk: string, name: string): Promise<Saved> {
  const all = await listSaved(disk);
  const found = all.find((saved) => saved.name === name);
  if (found === undefined) {
    const known = all.length === 0 ? 'nothing is' : `there is ${all.map((saved) => saved.name).join(', ')}`;
    throw new HarnessError('devvm', `no dev VM is saved as "${name}": ${known}`);
  }
  if (!(await fileExists(found.hardware.image))) {
    throw new HarnessError('devvm', `"${name}" was saved in a dev VM whose image is gone: ${found.hardware.image}`);
  }
  return found;
}

/** Remembers what is in the disk from now on. */
export async function noteSaved(disk: string, saved: Saved): Promise<void> {
  await mkdir(directoryOf(disk), { recursive: true });
  await writeFile(fileOf(disk, saved.name), `${JSON.stringify(saved)}\n`);
}

/** Forgets what was saved under a name, if anything was; without a name, all. */
export async function forgetSaved(disk: string, name?: string): Promise<void> {
  await rm(name === undefined ? directoryOf(disk) : fileOf(disk, name), { recursive: true, force: true });
}

function directoryOf(disk: string): string {
  return join(dirname(disk), 'saved');
}

function fileOf(disk: string, name: string): string {
  return join(directoryOf(disk), `${name}.json`);
}
