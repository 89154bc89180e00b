import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { readTable, renderTable, type Table, writeTable } from '../../../helpers/contract/table.ts';
import { didYouMean } from '../../../helpers/text/nearest.ts';
import { loadConfig } from '../../config/config.ts';
import { takeOverSignals } from '../../engine/interrupt.ts';
import { BENCHES } from './benches.ts';
import type { Bench, Measured, Row } from './benchmark.ts';

const TITLE = 'Benches: ratios within one run';
const COLUMNS = ['bench', 'what', 'figure', 'beside', 'ratio', 'wanted'];

/** Runs all benches or the named ones; the report keeps the figures of the others. */
export async function runBenches(names: readonly string[]): Promise<void> {
  const known = BENCHES.map(({ name }) => name);
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined)
    throw new Error(`no bench ${unknown}${didYouMean(unknown, known) || ';'} one of ${known.join(', ')}`);
  const file = join(loadConfig().reportsDir, 'bench.json');
  const signal = takeOverSignals(() => {});
  const chosen = BENCHES.filter(({ name }) => names.length === 0 || names.includes(name));
  for (const bench of chosen) {
    const measured = await runBench(bench, signal);
    await writeTable(file, merge(await readTable(file), bench, measured));
    console.log(`${renderTable(tableOf(bench, measured))}\n`);
    if (measured.rows.some(({ wanted }) => wanted?.kept === false)) process.exitCode = 1;
  }
  console.log(`written to ${file}`);
}

async function runBench(bench: Bench, signal: AbortSignal): Promise<Measured> {
  const directory = await mkdtemp(join(tmpdir(), 'kata-cc-bench-'));
  try {
    return await bench.run({ directory, signal, say: (text) => console.log(`bench: ${bench.name}: ${text}`) });
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

function tableOf(bench: Bench, { notes = [], rows }: Measured): Table {
  const machine = `node ${process.version}, ${availableParallelism()} cores, ${new Date().toISOString()}`;
  return {
    title: bench.title,
    columns: COLUMNS,
    rows: rows.map((row) => cells(bench.name, row)),
    notes: [machine, ...notes].map((note) => `${bench.name}: ${note}`),
  };
}

function cells(name: string, { beside = '', figure, ratio, wanted, what }: Row): string[] {
  const bound = wanted === undefined ? '' : `${wanted.bound}: ${wanted.kept ? 'kept' : 'NOT KEPT'}`;
  return [name, what, figure, beside, ratio === undefined ? '' : ratio.toFixed(2), bound];
}

/** Replaces the rows and notes of one bench in the table of all benches. */
function merge(before: Table | undefined, bench: Bench, measured: Measured): Table {
  const own = tableOf(bench, measured);
  const rows = (before?.rows ?? []).filter(([name]) => name !== bench.name);
  const notes = (before?.notes ?? []).filter((note) => !note.startsWith(`${bench.name}: `));
  return { title: TITLE, columns: COLUMNS, rows: [...rows, ...own.rows], notes: [...notes, ...own.notes] };
}
