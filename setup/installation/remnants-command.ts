import { readFile } from 'node:fs/promises';
import { type FoundRemnants, removePart } from './remnants.ts';
import { undoCommand } from './undo-command.ts';

/**
 * A command that runs when an installation is undone: it removes the remnants of a part of the installation (the first argument), except
 * those of a record (the second).
 */
const [part = '', record = ''] = process.argv.slice(2);
await undoCommand(async () => removePart(part, JSON.parse(await readFile(record, 'utf8')) as Partial<FoundRemnants>));
