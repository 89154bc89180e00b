import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { minimalEnv } from '../../../helpers/process/exec.ts';
import { inTemporaryDirectory } from '../../../helpers/temporary-directory.ts';
import { projectPath } from '../../project.ts';
import { VITEST } from '../child-run.ts';

/** The fields of a run's report that decide what the run detected. */
export interface Report {
  readonly tests: readonly ReportedTest[];
  readonly subjects: readonly ReportedSubject[];
  readonly coverage: { readonly methods: readonly ReportedMethod[] };
}

export interface ReportedSubject {
  readonly target: string;
  readonly banner: string;
  readonly generation: string;
  readonly agent: { readonly kind: string; readonly version: string };
}

export interface ReportedMethod {
  readonly method: string;
  readonly declared: boolean;
  /** Fields that no test sets, without those that suites/unproved.json excuses. */
  readonly fields?: { readonly unset: readonly string[] };
}

export interface ReportedTest {
  readonly id: string;
  readonly file: string;
  readonly outcome: string;
  /** Why the test was skipped. */
  readonly reason?: string;
  /** Why the test did not start, if it was not skipped for a reason of its own. */
  readonly notTried?: string;
  /** URL of the known issue that explains a failure. */
  readonly knownIssue?: string;
  readonly durationMs: number;
  readonly failures: readonly { readonly name?: string; readonly message: string }[];
  readonly calls: readonly { readonly method: string; readonly status: string; readonly fields?: readonly string[] }[];
}

/** How to run the suites in a child process. */
export interface SuitesRun {
  /** Settings of the run as environment variables. */
  readonly environment: Readonly<Record<string, string>>;
  /** Whether the run also has this process's environment. */
  readonly inherit?: boolean;
  /** More arguments for Vitest. */
  readonly args?: readonly string[];
  /** Directory that keeps the run's reports and evidence; by default they are removed. */
  readonly reportsDir?: string;
  readonly timeoutMs: number;
  /** Ends the run early. */
  readonly signal: AbortSignal;
}

/** How long an interrupted run may take to undo its set-up, in milliseconds. */
const UNDO_MS = 60_000;

/**
 * Runs spec files (all if none is named) in a child process and returns the report. Rejects if the run wrote no
 * report, or was interrupted.
 */
export function runSuites(
  files: readonly string[],
  { args = [], environment, inherit = false, reportsDir, signal, timeoutMs }: SuitesRun,
): Promise<Report> {
  return inReportsDir(reportsDir, async (reports) => {
    const own = { KATA_REPORTS_DIR: reports, KATA_HISTORY_DIR: join(reports, 'history'), CI: '1', NO_COLOR: '1' };
    const [program = '', ...vitest] = VITEST;
    const run = await execa(program, [...vitest, ...args, ...files], {
      cwd: projectPath('.'),
      env: inherit ? { ...environment, ...own } : minimalEnv({ ...environment, ...own }),
      extendEnv: inherit,
      reject: false,
      stdin: 'ignore',
      timeout: timeoutMs,
      cancelSignal: signal,
      forceKillAfterDelay: UNDO_MS,
    });
    signal.throwIfAborted();
    const text = await readFile(join(reports, 'report.json'), 'utf8').catch((cause: unknown) => {
      throw new Error(`the suites left no report: ${(run.stderr || run.stdout).trim().slice(-1_000)}`, { cause });
    });
    return JSON.parse(text) as Report;
  });
}

function inReportsDir<T>(directory: string | undefined, work: (directory: string) => Promise<T>): Promise<T> {
  return directory === undefined ? inTemporaryDirectory(join(tmpdir(), 'kata-cc-mutant-'), work) : work(directory);
}
