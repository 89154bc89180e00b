import { appendFile, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { Reporter, SerializedError, TestModule, TestRunEndReason, Vitest } from 'vitest/node';
import { messageOf } from '../helpers/errors.ts';
import { run } from '../helpers/exec.ts';
import { redactor, redactValue } from '../helpers/secrets.ts';
import { selectsTests } from '../helpers/test-selection.ts';
import { buildReport } from './build.ts';
import { collect } from './collect.ts';
import { renderAnnotations, renderMarkdown } from './github.ts';
import { appendHistory, readHistory } from './history.ts';
import { renderJunit } from './junit.ts';
import { readExcuses, readKnownIssues } from './known-issues.ts';
import type { RunReport } from './model.ts';
import { renderPage } from './page.ts';
import { readTables } from './tables.ts';
import { renderTerminal, totalsLine } from './terminal.ts';

/** What the reporter must know of the settings. */
export interface ReportSettings {
  readonly reportsDir: string;
  readonly historyDir: string;
  readonly coverageGate: boolean;
  readonly githubSummary: string | undefined;
  /** Values that must not be written down. */
  readonly secrets: readonly string[];
}

/** `settings` is asked only when the run is over: bad ones are set-up's to refuse. */
export interface ReporterOptions {
  readonly settings: () => ReportSettings;
}

/** Writes every report of a run. A run without a target (the harness's own tests) gets the terminal and JUnit alone. */
export default class RunReporter implements Reporter {
  readonly #options: ReporterOptions;
  #vitest: Vitest | undefined;
  #startedAt = Date.now();

  constructor(options: ReporterOptions) {
    this.#options = options;
  }

  onInit(vitest: Vitest): void {
    this.#vitest = vitest;
    this.#startedAt = Date.now();
  }

  async onTestRunEnd(
    modules: readonly TestModule[],
    errors: readonly SerializedError[],
    reason: TestRunEndReason,
  ): Promise<void> {
    try {
      await this.#report(modules, errors, reason === 'interrupted');
    } catch (error) {
      // Vitest would print it and still exit with 0.
      console.error(`the report could not be written: ${messageOf(error)}`);
      process.exitCode = 1;
    }
  }

  async #report(
    modules: readonly TestModule[],
    errors: readonly SerializedError[],
    interrupted: boolean,
  ): Promise<void> {
    const settings = this.#options.settings();
    const vitest = this.#vitest;
    const root = vitest?.config.root ?? process.cwd();
    const selected = vitest !== undefined && selectsTests(vitest);
    const collected = redactValue(collect(modules, errors, { root, selected }), redactor(settings.secrets));
    const { report, line } = buildReport({
      collected,
      startedAt: Math.min(this.#startedAt, ...collected.tests.flatMap(({ startedAt }) => startedAt ?? [])),
      endedAt: Date.now(),
      interrupted,
      suite: await suiteOf(root),
      knownIssues: await readKnownIssues(join(root, 'suites/known-issues.json')),
      excuses: await readExcuses(join(root, 'suites/uncovered.json')),
      coverageGate: settings.coverageGate,
      history: await readHistory(settings.historyDir),
      tables: await readTables(settings.reportsDir),
    });
    await mkdir(settings.reportsDir, { recursive: true });
    await pruneEvidence(join(settings.reportsDir, 'evidence'));
    const write = (name: string, text: string): Promise<void> => writeFile(join(settings.reportsDir, name), text);
    if (report.subjects.length === 0) {
      await write('harness-junit.xml', renderJunit(report, 'evidence'));
      console.log(
        [...report.skips.map((skip) => `skipped ${skip.count}: ${skip.reason}`), totalsLine(report)].join('\n'),
      );
      return;
    }
    await write('report.json', JSON.stringify(report));
    await write('junit.xml', renderJunit(report, join(settings.reportsDir, 'evidence')));
    await write('summary.md', renderMarkdown(report));
    await write('index.html', await renderPage(report, join(settings.reportsDir, 'evidence')));
    if (!interrupted) await appendHistory(settings.historyDir, line);
    if (report.verdicts.length > 0) process.exitCode = 1;
    await announce(report, settings);
  }
}

/** How long evidence is kept, in milliseconds: a fortnight. */
const KEPT_MS = 14 * 24 * 3_600_000;

/** Removes evidence of runs that nobody looks into any more. */
async function pruneEvidence(directory: string): Promise<void> {
  const names = await readdir(directory).catch(() => []);
  for (const name of names) {
    const folder = join(directory, name);
    if (Date.now() - (await stat(folder)).mtimeMs > KEPT_MS) await rm(folder, { recursive: true });
  }
}

async function announce(report: RunReport, { githubSummary, reportsDir }: ReportSettings): Promise<void> {
  const here = (name: string): string => {
    const path = relative(process.cwd(), join(reportsDir, name));
    return path.startsWith('..') ? join(reportsDir, name) : path;
  };
  if (githubSummary !== undefined) {
    await appendFile(githubSummary, renderMarkdown(report));
    process.stdout.write(renderAnnotations(report));
  }
  console.log(renderTerminal(report, { page: here('index.html'), evidence: here('evidence') }));
}

/** Version and commit of this project; `unknown` where there is no repository (an unpacked archive). */
async function suiteOf(root: string): Promise<RunReport['suite']> {
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string };
  // In CI root runs what somebody else has checked out; reading it does no harm.
  const git = async (...args: string[]): Promise<string | undefined> => {
    const command = ['git', '-C', root, '-c', `safe.directory=${root}`, ...args];
    return run(command).then(
      ({ stdout }) => stdout.trim(),
      () => undefined,
    );
  };
  const commit = await git('rev-parse', '--short=10', 'HEAD');
  return { version, commit: commit ?? 'unknown', dirty: ((await git('status', '--porcelain')) ?? '') !== '' };
}
