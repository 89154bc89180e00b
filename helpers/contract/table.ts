import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

/** A table of results that a bench, a mutants run or a faults run writes to the reports directory. */
export interface Table {
  readonly title: string;
  readonly columns: readonly string[];
  /** Rows of the table, each with as many cells as there are columns. */
  readonly rows: readonly (readonly string[])[];
  /** Notes for readers of the table: the machine, the versions, what was omitted and why. */
  readonly notes: readonly string[];
}

/** The table as text, columns aligned. */
export function renderTable({ columns, notes, rows, title }: Table): string {
  const widths = columns.map((column, index) => Math.max(column.length, ...rows.map((row) => row[index]?.length ?? 0)));
  const render = (row: readonly string[]): string =>
    row
      .map((cell, index) => cell.padEnd(widths[index] ?? 0))
      .join('  ')
      .trimEnd();
  return [title, render(columns), ...rows.map(render), ...notes].join('\n');
}

/** Writes a table to a file as JSON, atomically. */
export async function writeTable(file: string, table: Table): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(`${file}.new`, `${JSON.stringify(table, null, 2)}\n`);
  await rename(`${file}.new`, file);
}

/** Reads a table from a file; `undefined` if the file does not exist. */
export async function readTable(file: string): Promise<Table | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as Table;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
