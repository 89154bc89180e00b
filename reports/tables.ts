import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Type } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import { Table } from './model.ts';

/** Names of the files in the reports directory in which other commands leave their tables. */
const FILES = ['mutants.json', 'mutes.json', 'bench.json', 'faults.json', 'soak.json'] as const;

const TABLES = Type.Union([Table, Type.Array(Table)]);

/**
 * Reads the tables that other commands wrote: each file contains one table, or a list. An invalid file becomes a table
 * with the error as note.
 */
export async function readTables(reportsDir: string): Promise<Table[]> {
  const found = await Promise.all(FILES.map((file) => readTable(join(reportsDir, file), file)));
  return found.flat();
}

async function readTable(path: string, title: string): Promise<Table[]> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return [{ title, columns: [], rows: [], notes: ['not JSON'] }];
  }
  if (Value.Check(TABLES, value)) return Array.isArray(value) ? value : [value];
  const [problem] = Value.Errors(TABLES, value);
  return [{ title, columns: [], rows: [], notes: [`not a table: ${problem?.path ?? ''} ${problem?.message ?? ''}`] }];
}
