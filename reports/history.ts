import { appendFile, mkdir, open } from 'node:fs/promises';
import { join } from 'node:path';
import { median } from '../helpers/statistics.ts';
import type { FailureGroup, MatrixColumn, Outcome, RunReport, Test, TrendPoint } from './model.ts';

/** A run as a line of the history. */
export interface HistoryLine extends TrendPoint {
  readonly full: boolean;
  /** Outcome and milliseconds of every test that was not skipped, by id. */
  readonly tests: Readonly<Record<string, readonly [Outcome, number]>>;
  /** Fingerprints of the failures. */
  readonly fingerprints: readonly string[];
}

const FILE = 'runs.jsonl';

/** What lines of earlier versions lack. */
const OLDER = { fingerprints: [] as readonly string[] };

/** How much of the file is read: some hundred runs. Older lines stay where they are. */
const READ_BYTES = 8 * 2 ** 20;

/** A test is newly slow when it takes this many times its usual share, and this many milliseconds more. */
const SLOWER = 2;
const SLOWER_MS = 250;
/** What is usual is known from this many runs on. */
const ENOUGH_RUNS = 5;

/** Reads the last runs, oldest first; none when there is no history yet. */
export async function readHistory(directory: string): Promise<readonly HistoryLine[]> {
  let text: string;
  try {
    await using handle = await open(join(directory, FILE), 'r');
    const { size } = await handle.stat();
    const length = Math.min(size, READ_BYTES);
    const { buffer } = await handle.read(Buffer.alloc(length), 0, length, size - length);
    text = buffer.toString('utf8');
    if (length < size) text = text.slice(text.indexOf('\n') + 1);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
  // A last line without its end was cut short by a kill: that run is not known.
  const lines = text.split('\n').slice(0, -1);
  return lines.filter(Boolean).map((line) => ({ ...OLDER, ...(JSON.parse(line) as HistoryLine) }));
}

/** Appends a run. One write, so that two runs that end together do not mix. */
export async function appendHistory(directory: string, line: HistoryLine): Promise<void> {
  await mkdir(directory, { recursive: true });
  await appendFile(join(directory, FILE), `${JSON.stringify(line)}\n`);
}

/** This run as a line of the history. */
export function historyLine(report: Omit<RunReport, 'trend' | 'changes' | 'matrix'>): HistoryLine {
  const ran = report.tests.filter(({ outcome }) => outcome !== 'skipped');
  return {
    runId: report.subjects.map(({ runId }) => runId).join('+'),
    at: report.startedAt,
    commit: report.suite.commit,
    subject: subjectName(report.subjects),
    full: report.full,
    ...report.totals,
    durationMs: report.durationMs,
    budgets: Object.fromEntries(report.budgets.map(({ name, ratio }) => [name, ratio])),
    fingerprints: report.failures.map(({ fingerprint }) => fingerprint),
    tests: Object.fromEntries(ran.map(({ id, outcome, durationMs }) => [id, [outcome, durationMs] as const])),
  };
}

/** What was under test, in a few words: runs of the same name are compared. */
function subjectName(subjects: RunReport['subjects']): string {
  const names = subjects.map(({ target, hypervisor, generation, agent }) =>
    [target, ...(hypervisor === 'none' ? [] : [hypervisor]), generation, agent.kind].join(' · '),
  );
  return [...new Set(names)].join(', ');
}

/** What this run changed against earlier ones of the same subject. */
export function changesOf(
  now: HistoryLine,
  earlier: readonly HistoryLine[],
  tests: readonly Test[],
): RunReport['changes'] {
  const same = earlier.filter(({ subject }) => subject === now.subject);
  const failing = tests
    .filter(({ id, outcome }) => outcome === 'failed' && lastOutcome(id, same) === 'passed')
    .map(({ id }) => ({ id, what: 'passed last time' }));
  const flaky = tests
    .filter(({ outcome }) => outcome === 'flaky')
    .map(({ id, knownIssue }) => ({ id, what: knownIssue ?? 'no known issue' }));
  const slow = tests.flatMap(({ id, outcome }) => (outcome === 'passed' ? slowdownOf(id, now, same) : []));
  return { failing, slow, flaky };
}

/** The last outcome of every test by subject: this run first, then every other subject's last runs. */
export function matrixOf(now: HistoryLine, earlier: readonly HistoryLine[]): MatrixColumn[] {
  const bySubject = new Map<string, HistoryLine[]>();
  for (const line of [...earlier, now]) {
    bySubject.set(line.subject, [...(bySubject.get(line.subject) ?? []), line]);
  }
  const columns = [...bySubject].map(([subject, lines]) => ({
    subject,
    at: Math.max(...lines.map(({ at }) => at)),
    outcomes: Object.assign({}, ...lines.map(outcomesOf)) as MatrixColumn['outcomes'],
  }));
  return columns.sort((a, b) => Number(b.subject === now.subject) - Number(a.subject === now.subject) || b.at - a.at);
}

/** The trend: earlier full runs of the same subject, and this one. */
export function trendOf(now: HistoryLine, earlier: readonly HistoryLine[], length = 60): TrendPoint[] {
  const same = earlier.filter(({ full, subject }) => full && subject === now.subject);
  return [...same, now]
    .slice(-length)
    .map(({ full: _full, tests: _tests, fingerprints: _fingerprints, ...point }) => point);
}

/** Failures with what is known of them from earlier runs, of whatever subject. */
export function withEarlier(failures: readonly FailureGroup[], earlier: readonly HistoryLine[]): FailureGroup[] {
  return failures.map((group) => {
    const seen = earlier.filter(({ fingerprints }) => fingerprints.includes(group.fingerprint));
    const [first] = seen;
    return first === undefined
      ? group
      : { ...group, earlier: { runs: seen.length, since: first.at, commit: first.commit } };
  });
}

function outcomesOf({ tests }: HistoryLine): MatrixColumn['outcomes'] {
  return Object.fromEntries(Object.entries(tests).map(([id, [outcome]]) => [id, outcome]));
}

function lastOutcome(id: string, lines: readonly HistoryLine[]): Outcome | undefined {
  return lines.findLast(({ tests }) => id in tests)?.tests[id]?.[0];
}

/** Compared as shares of the run, not in milliseconds: another machine is slower at everything. */
function slowdownOf(id: string, now: HistoryLine, same: readonly HistoryLine[]): { id: string; what: string }[] {
  const shares = same.flatMap((line) => {
    const [outcome, ms] = line.tests[id] ?? [];
    return outcome === 'passed' && ms !== undefined ? [ms / pace(line)] : [];
  });
  const [, ms = 0] = now.tests[id] ?? [];
  const usual = median(shares) * pace(now);
  if (shares.length < ENOUGH_RUNS || ms < SLOWER * usual || ms - usual < SLOWER_MS) return [];
  return [{ id, what: `${Math.round(ms)} ms instead of ${Math.round(usual)} ms` }];
}

/** How fast a run's machine was: what half of its tests took at most. */
function pace({ tests }: HistoryLine): number {
  return Math.max(1, median(Object.values(tests).map(([, ms]) => ms)));
}
