import { appendFile, mkdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { Reporter, SerializedError, TestModule, TestRunEndReason, Vitest } from 'vitest/node';
import { readProofs } from '../helpers/contract/proofs.ts';
import type { RunFacts, SetupFact } from '../helpers/contract/run-facts.ts';
import { specFilesIn } from '../helpers/contract/spec-files.ts';
import { selectionOf } from '../helpers/contract/test-selection.ts';
import { readUnproved } from '../helpers/contract/unproved.ts';
import { type HarnessError, messageOf } from '../helpers/errors.ts';
import { readCheckout } from '../helpers/git/checkout.ts';
import { redactor, redactValue } from '../helpers/text/secrets.ts';
import type { RunReport } from './model.ts';
import { clearHarnessOutputs, clearSuitesOutputs, pruneEvidence, writeOutput } from './outputs.ts';
import { renderPage } from './page.ts';
import { renderAnnotations, renderMarkdown } from './render/github.ts';
import { renderJunit } from './render/junit.ts';
import { renderTerminal, totalsLine } from './render/terminal.ts';
import { writeUnreported } from './render/unreported.ts';
import { buildReport } from './run/build.ts';
import { type Collected, collect } from './run/collect.ts';
import { appendHistory, readHistory } from './run/history.ts';
import { readExcuses, readKnownIssues } from './run/known-issues.ts';
import type { ReportInput } from './run/report-input.ts';
import { readTables } from './tables.ts';

/** Settings of the reporter. */
export interface ReportSettings {
  readonly reportsDir: string;
  readonly historyDir: string;
  readonly coverageGate: boolean;
  readonly githubSummary: string | undefined;
  /** Values that must not appear in a report. */
  readonly secrets: readonly string[];
}

/** Options of the reporter. `settings` is called only after the run, since set-up rejects invalid settings. */
export interface ReporterOptions {
  /** Name of the suites' project in Vitest. */
  readonly project: string;
  readonly reportsDir: () => string;
  readonly settings: () => ReportSettings;
}

/**
 * Vitest reporter that writes every report of a run. A run without the suites (the harness's own tests) has only the
 * terminal and JUnit reports. Reports of an earlier run are removed when a run starts. A report that cannot be written
 * fails the run, and the others are still written.
 */
export default class RunReporter implements Reporter {
  readonly #options: ReporterOptions;
  #vitest: Vitest | undefined;
  #startedAt = Date.now();
  #reported: Promise<unknown> | undefined;

  constructor(options: ReporterOptions) {
    this.#options = options;
  }

  async onInit(vitest: Vitest): Promise<void> {
    this.#vitest = vitest;
    this.#startedAt = Date.now();
    vitest.onClose(() => this.#closing());
    // A set-up that fails ends the process, and Vitest then reports nothing: the report is written at the process's
    // exit.
    if (this.#hasSuites()) process.once('exit', () => this.#exiting());
    await this.#attempt('earlier reports cannot be removed', async () => {
      const directory = this.#directory();
      if (directory === undefined) return;
      if (this.#hasSuites()) await clearSuitesOutputs(directory, new Date(this.#startedAt));
      else await clearHarnessOutputs(directory);
    });
  }

  onTestRunStart(): void {
    // `pnpm kata watch` has several runs.
    if (this.#reported !== undefined) this.#startedAt = Date.now();
  }

  async onTestRunEnd(
    modules: readonly TestModule[],
    errors: readonly SerializedError[],
    reason: TestRunEndReason,
  ): Promise<void> {
    this.#reported = this.#attempt('the report cannot be built', () =>
      this.#report(modules, errors, reason === 'interrupted'),
    );
    await this.#reported;
  }

  /**
   * Called when Vitest closes: it does not wait for reporters if another reporter throws. A run can also end before it
   * starts (no git, a line number that matches no test).
   */
  async #closing(): Promise<void> {
    if (this.#reported === undefined) this.#fail('the run ended before it started: nothing ran');
    await this.#reported;
  }

  /**
   * Called at the process's exit: writes the report of a run whose set-up failed, with the reason from `setupFailure`.
   */
  #exiting(): void {
    const { setupFailure } = (this.#vitest?.getRootProject().getProvidedContext() ?? {}) as { setupFailure?: string };
    if (this.#reported !== undefined || setupFailure === undefined) return;
    try {
      writeUnreported(this.#options.reportsDir(), { begun: new Date(this.#startedAt), reason: setupFailure });
    } catch (error) {
      // Set-up has printed its reason.
      if (messageOf(error) !== setupFailure) this.#fail(`the report cannot be written: ${messageOf(error)}`);
    }
  }

  /** The directory of reports; `undefined` if the setting is invalid and set-up, which follows, rejects it. */
  #directory(): string | undefined {
    try {
      return this.#options.reportsDir();
    } catch (error) {
      // Not instanceof: vitest.config.ts is loaded with classes of its own.
      if ((error as Partial<HarnessError>).code === 'config' && this.#hasSuites()) return undefined;
      throw error;
    }
  }

  #hasSuites(): boolean {
    return this.#vitest?.projects.some(({ name }) => name === this.#options.project) ?? false;
  }

  /**
   * Reports a problem and sets the exit code, since Vitest prints an error thrown by a reporter and still exits with 0.
   */
  #fail(problem: string): void {
    console.error(problem);
    process.exitCode = 1;
  }

  async #attempt(problem: string, act: () => Promise<void> | void): Promise<boolean> {
    try {
      await act();
      return true;
    } catch (error) {
      this.#fail(`${problem}: ${messageOf(error)}`);
      return false;
    }
  }

  async #report(
    modules: readonly TestModule[],
    errors: readonly SerializedError[],
    interrupted: boolean,
  ): Promise<void> {
    const settings = this.#options.settings();
    const root = this.#vitest?.config.root ?? process.cwd();
    const collected = redactValue(this.#collect(modules, errors, root), redactor(settings.secrets));
    const { report, line } = buildReport(await this.#sources(collected, root, settings, interrupted));
    const { reportsDir, historyDir } = settings;
    await this.#attempt(
      `${reportsDir} cannot be created`,
      async () => void (await mkdir(reportsDir, { recursive: true })),
    );
    const evidence = join(reportsDir, 'evidence');
    await this.#attempt('old evidence cannot be removed', () => pruneEvidence(evidence));
    const write = (name: string, render: () => string | Promise<string>): Promise<boolean> =>
      this.#attempt(`${join(reportsDir, name)} cannot be written`, async () =>
        writeOutput(reportsDir, name, await render()),
      );
    if (report.verdicts.length > 0) process.exitCode = 1;
    if (!this.#hasSuites()) {
      await write('harness-junit.xml', () => renderJunit(report, 'evidence'));
      const skips = report.skips.map((skip) => `skipped ${skip.count}: ${skip.reason}`);
      console.log([...skips, ...report.verdicts.map((text) => `RED      ${text}`), totalsLine(report)].join('\n'));
      return;
    }
    await write('report.json', () => JSON.stringify(report));
    await write('junit.xml', () => renderJunit(report, evidence));
    await write('summary.md', () => renderMarkdown(report));
    const page = (await write('index.html', () => renderPage(report, evidence))) ? 'index.html' : 'report.json';
    // Only a full run is added to the history: a partial run is not comparable with a full one.
    // A run with a muted client or a mutant tests no agent.
    if (report.full && report.subjects.every(({ muted, mutant }) => muted === undefined && mutant === undefined))
      await this.#attempt('the history cannot be written', () => appendHistory(historyDir, line));
    await this.#attempt('the report cannot be shown', () => announce(report, page, settings));
  }

  #collect(modules: readonly TestModule[], errors: readonly SerializedError[], root: string): Collected {
    const selected = this.#vitest !== undefined && selectionOf(this.#vitest).length > 0;
    const collected = collect(modules, errors, { root, selected });
    if (collected.facts.length > 0) return collected;
    // If all tests were filtered out, no test file has the facts of the run; they come from the Vitest project instead.
    const { facts } = (this.#vitest?.getRootProject().getProvidedContext() ?? {}) as { readonly facts?: RunFacts };
    return facts === undefined ? collected : { ...collected, facts: [facts] };
  }

  async #sources(
    collected: Collected,
    root: string,
    settings: ReportSettings,
    interrupted: boolean,
  ): Promise<ReportInput> {
    const problems: string[] = [];
    const read = async <T>(reading: Promise<T>, otherwise: T): Promise<T> =>
      reading.catch((error: unknown) => {
        problems.push(messageOf(error));
        return otherwise;
      });
    const vitest = this.#vitest;
    const { lines, warnings } = await read(readHistory(settings.historyDir), { lines: [], warnings: [] });
    const ended = interrupted ? [vitest?.config.bail ? `--bail ${vitest.config.bail}` : 'an interrupt'] : [];
    return {
      collected,
      // The minimum is computed by `reduce`: a run can have more tests than a call of Math.min can have arguments.
      startedAt: [...collected.tests, ...setUpForThisRun(collected.facts)].reduce(
        (least, { startedAt }) => Math.min(least, startedAt ?? least),
        this.#startedAt,
      ),
      endedAt: Date.now(),
      interrupted,
      merged: Boolean(vitest?.config.mergeReports),
      whole: {
        specFiles: await read(specFilesIn(root), []),
        reducedBy: [...(vitest === undefined ? [] : selectionOf(vitest)), ...ended],
      },
      passWithNoTests: vitest?.config.passWithNoTests ?? false,
      suite: { version: await read(versionOf(root), 'unknown'), ...(await readCheckout(root)) },
      knownIssues: await read(readKnownIssues(join(root, 'suites/known-issues.json')), []),
      excuses: await read(readExcuses(join(root, 'suites/uncovered.json')), {}),
      proofs: await read(readProofs(join(root, 'suites/proofs.json')), {}),
      unproved: await read(readUnproved(join(root, 'suites/unproved.json')), {}),
      coverageGate: settings.coverageGate,
      history: lines,
      tables: await read(readTables(settings.reportsDir), []),
      problems,
      warnings,
    };
  }
}

/** The steps of set-up before a run of `pnpm kata watch`, which Vitest does not count as a part of the run. */
function setUpForThisRun(facts: readonly RunFacts[]): readonly SetupFact[] {
  return facts.flatMap(({ setup, watch }) => (watch === undefined ? [] : setup));
}

/** Prints the result of a run; `page` is the report to name to the user, relative to the directory of reports. */
async function announce(report: RunReport, page: string, { githubSummary, reportsDir }: ReportSettings): Promise<void> {
  const here = (name: string): string => {
    const path = relative(process.cwd(), join(reportsDir, name));
    return path.startsWith('..') ? join(reportsDir, name) : path;
  };
  console.log(renderTerminal(report, { page: here(page), evidence: here('evidence') }));
  if (githubSummary === undefined) return;
  process.stdout.write(renderAnnotations(report));
  await appendFile(githubSummary, renderMarkdown(report));
}

async function versionOf(root: string): Promise<string> {
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string };
  return version;
}
