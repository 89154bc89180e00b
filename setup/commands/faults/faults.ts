import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { writeTable } from '../../../helpers/contract/table.ts';
import { loadConfig } from '../../config/config.ts';
import { projectPath } from '../../project.ts';

const VITEST = projectPath('node_modules/vitest/vitest.mjs');
/** Directories of the fault tests: faults of a guest and its registry, faults of set-up, and malformed peers. */
const WHERE = ['suites/faults', 'setup/commands/faults', 'helpers/rpc/malformed-peers.test.ts'];
const PROJECTS = ['suites', 'faults', 'harness'].flatMap((name) => ['--project', name]);

/** The fields of a run's report that `pnpm kata faults` reads. */
interface Report {
  readonly tests: readonly {
    readonly name: string;
    readonly groups: readonly string[];
    readonly file: string;
    readonly outcome: string;
    readonly durationMs?: number;
    readonly calls?: readonly { readonly method: string; readonly status: string }[];
  }[];
}

/** Runs all fault tests, and lists the results. */
export async function runFaults(): Promise<void> {
  const { reportsDir } = loadConfig();
  const run = await execa(process.execPath, [VITEST, 'run', ...PROJECTS, ...WHERE], {
    stdio: 'inherit',
    reject: false,
  });
  const report = JSON.parse(await readFile(join(reportsDir, 'report.json'), 'utf8')) as Report;
  const rows = report.tests.map(({ calls = [], durationMs, file, groups, name, outcome }) => {
    const statuses = [...new Set(calls.map(({ method, status }) => `${method.replace(/^.*\//, '')}: ${status}`))];
    const took = durationMs === undefined ? '' : `${(durationMs / 1_000).toFixed(1)} s`;
    return [file, [...groups, name].join(' '), outcome, took, statuses.join(', ')];
  });
  const file = join(reportsDir, 'faults.json');
  const failed = rows.filter(([, , outcome]) => outcome === 'failed').length;
  await writeTable(file, {
    title: 'Faults and their results',
    columns: ['where', 'fault and expected result', 'outcome', 'took', 'calls ended with'],
    rows,
    notes: [`${rows.length} faults, ${failed} failed`, new Date().toISOString()],
  });
  console.log(`written to ${file}`);
  process.exitCode = run.exitCode ?? 1;
}
