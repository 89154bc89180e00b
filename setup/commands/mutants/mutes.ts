import { join } from 'node:path';
import { renderTable, type Table, writeTable } from '../../../helpers/contract/table.ts';
import { ConfigError } from '../../../helpers/errors.ts';
import { loadConfig } from '../../config/config.ts';
import { takeOverSignals } from '../../engine/interrupt.ts';
import { checkNames, chooseMutes, type MuteChoice, namePattern } from './mute-choice.ts';
import { judgeMute, type MuteVerdict } from './mute-verdict.ts';
import { runSuites } from './run-suites.ts';
import { readUnproved, whyUnproved } from './unproved.ts';

const TITLE = 'Muted RPC methods and fields, and the specs that prove their effect';
const COLUMNS = ['muted', 'verdict', 'failed', 'spec', 'its message'];
/** Timeouts of a run of all suites, and of a run of the tests that call one method, in milliseconds. */
const ALL_MS = 3_600_000;
const ONE_MS = 900_000;
/**
 * Vitest stops after so many failures, which are enough for a verdict: without a method that all specs need, each spec
 * would wait for its time limit.
 */
const BAIL = ['--bail', '3'];

/**
 * Runs the suites once with nothing withheld. Then, for each method of the agent that a test calls with success, or for
 * the named methods and fields, it runs those tests with KATA_MUTE, on the configured target and agent. Sets the exit
 * code to 1 if no spec proves the effect of a method and suites/unproved.json gives no reason.
 */
export async function runMutes(names: readonly string[]): Promise<void> {
  const reasons = await readUnproved();
  const { mute, mutant, protos, reportsDir } = loadConfig();
  if (mute !== undefined || mutant !== undefined)
    throw new ConfigError('unset KATA_MUTE and KATA_MUTANT: each run is muted by its own KATA_MUTE');
  checkNames(names, protos);
  const signal = takeOverSignals(() => {});
  console.log('running the suites with nothing muted');
  const truth = await runSuites([], { environment: {}, inherit: true, timeoutMs: ALL_MS, signal });
  const red = truth.tests.filter(({ outcome }) => outcome === 'failed').map(({ id }) => id);
  if (red.length > 0) throw new Error(`specs fail with nothing muted: ${red.join('; ')}`);
  const targets = truth.subjects.map(({ target }) => target);
  const rows: string[][] = [];
  const problems: string[] = [];
  const table = (): Table => ({
    title: TITLE,
    columns: COLUMNS,
    rows,
    notes: [`target ${targets.join(', ')}`, ...problems],
  });
  for (const choice of chooseMutes(names, truth)) {
    const verdict = await runMuted(choice, signal);
    const row = rowOf(choice.muted, verdict, whyUnproved(reasons, choice.muted, targets));
    rows.push(row.cells);
    if (row.problem !== undefined) problems.push(row.problem);
    console.log(row.cells.join('  '));
    await writeTable(join(reportsDir, 'mutes.json'), table());
  }
  console.log(
    `\n${renderTable({ ...table(), columns: COLUMNS.slice(0, -1), rows: rows.map((cells) => cells.slice(0, -1)) })}`,
  );
  if (problems.length > 0) process.exitCode = 1;
}

async function runMuted({ muted, provers }: MuteChoice, signal: AbortSignal): Promise<MuteVerdict> {
  const files = [...new Set(provers.map(({ file }) => file))];
  // No test can prove the effect. Vitest is not started: without a file, it would run all of them.
  if (files.length === 0) return judgeMute(provers, { tests: [] });
  const args = [...BAIL, '-t', namePattern(provers)];
  const run = { environment: { KATA_MUTE: muted }, inherit: true, args, timeoutMs: ONE_MS, signal };
  return judgeMute(provers, await runSuites(files, run));
}

interface Row {
  readonly cells: string[];
  readonly problem?: string;
}

function rowOf(muted: string, { red, says, spec, verdict }: MuteVerdict, why: string | undefined): Row {
  const excused = verdict === 'SURVIVED' && why !== undefined;
  const cells = [muted, excused ? 'excused' : verdict, String(red), spec, excused ? why : says];
  if (excused || (verdict === 'killed' && why === undefined)) return { cells };
  const problem =
    why === undefined
      ? `${muted} survived: no spec proves its effect`
      : `suites/unproved.json excuses ${muted}, whose effect a spec proves`;
  return { cells, problem };
}
