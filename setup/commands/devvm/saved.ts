import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { HarnessError } from '../../../helpers/errors.ts';
import { fileExists, namesIn } from '../../../helpers/files.ts';
import type { Hardware } from './machine.ts';

/** A snapshot of a dev VM with its running programs. Its data is in the VM's disk, under the snapshot's name. */
export interface Saved {
  readonly name: string;
  /** Time of the snapshot in ISO 8601. */
  readonly at: string;
  /** The only hardware on which the snapshot continues. */
  readonly hardware: Hardware;
}

/** Validates the snapshot name that the user typed. */
export function savedName(given: string): string {
  if (/^[a-z][a-z0-9-]{0,31}$/.test(given)) return given;
  throw new HarnessError(
    'devvm',
    `"${given}" is not a valid snapshot name: expected a lower-case letter, then up to 31 lower-case letters, digits or dashes`,
  );
}

/** The snapshots in a dev VM's disk, newest first. */
export async function listSaved(disk: string): Promise<readonly Saved[]> {
  const saved = await Promise.all(
    (await namesIn(directoryOf(disk))).map(
      async (file) => JSON.parse(await readFile(join(directoryOf(disk), file), 'utf8')) as Saved,
    ),
  );
  return saved.sort((one, two) => two.at.localeCompare(one.at));
}

/** The snapshot with this name. The error for an unknown name lists the existing ones. */
export async function findSaved(disk: string, name: string): Promise<Saved> {
  const all = await listSaved(disk);
  const found = all.find((saved) => saved.name === name);
  if (found === undefined) {
    const known = all.length === 0 ? 'none' : all.map((saved) => saved.name).join(', ');
    throw new HarnessError('devvm', `no snapshot "${name}" of a dev VM; existing: ${known}`);
  }
  if (!(await fileExists(found.hardware.image))) {
    throw new HarnessError(
      'devvm',
      `"${name}" is a snapshot of a dev VM whose image no longer exists: ${found.hardware.image}`,
    );
  }
  return found;
}

/** Records a snapshot that a dev VM's disk contains. */
export async function noteSaved(disk: string, saved: Saved): Promise<void> {
  await mkdir(directoryOf(disk), { recursive: true });
  await writeFile(fileOf(disk, saved.name), `${JSON.stringify(saved)}\n`);
}

/** Removes the record of a snapshot, if it exists; without a name, the records of all. */
export async function forgetSaved(disk: string, name?: string): Promise<void> {
  await rm(name === undefined ? directoryOf(disk) : fileOf(disk, name), { recursive: true, force: true });
}

function directoryOf(disk: string): string {
  return join(dirname(disk), 'saved');
}

function fileOf(disk: string, name: string): string {
  return join(directoryOf(disk), `${name}.json`);
}
