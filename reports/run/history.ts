import { appendFile, mkdir, open } from 'node:fs/promises';
import { join } from 'node:path';
import { Type } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import { messageOf } from '../../helpers/errors.ts';
import { median } from '../../helpers/text/statistics.ts';
import { type FailureGroup, type MatrixColumn, Outcome, type RunReport, type Test, TrendPoint } from '../model.ts';

/** A run of the suites as one line of the history file. */
export interface HistoryLine extends TrendPoint {
  readonly full: boolean;
  /** Outcome and duration in milliseconds of every test that was not skipped, by test id. */
  readonly tests: Readonly<Record<string, readonly [Outcome, number]>>;
  /** Fingerprints of the run's failures. */
  readonly fingerprints: readonly string[];
}

const FILE = 'runs.jsonl';

/** Defaults of fields that history lines of earlier versions lack. */
const OLDER = { fingerprints: [] as readonly string[] };

/** Number of bytes read from the end of the history file: some hundred runs. Older lines stay in the file. */
const READ_BYTES = 8 * 2 ** 20;

/**
 * A test is reported as newly slow if it takes this many times its usual share of the run, and this many milliseconds
 * more.
 */
const SLOWER = 2;
const SLOWER_MS = 250;
/** Number of earlier runs needed to know the usual share of a run that a test takes. */
const ENOUGH_RUNS = 5;

const LINE = Type.Composite([
  TrendPoint,
  Type.Object({
    full: Type.Boolean(),
    tests: Type.Record(Type.String(), Type.Tuple([Outcome, Type.Number()])),
    fingerprints: Type.Array(Type.String()),
  }),
]);

/** The last runs in the history file, oldest first, and a warning about lines that could not be read. */
export interface History {
  readonly lines: readonly HistoryLine[];
  readonly warnings: readonly string[];
}

/** Reads the history of runs, which is empty before the first run. Damaged lines are left out. */
export async function readHistory(directory: string): Promise<History> {
  const file = join(directory, FILE);
  let text: string;
  try {
    await using handle = await open(file, 'r');
    const { size } = await handle.stat();
    const length = Math.min(size, READ_BYTES);
    const { buffer } = await handle.read(Buffer.alloc(length), 0, length, size - length);
    text = buffer.toString('utf8');
    if (length < size) text = text.slice(text.indexOf('\n') + 1);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { lines: [], warnings: [] };
    throw new Error(`${file} cannot be read: ${messageOf(error)}`, { cause: error });
  }
  const written = text.split('\n').filter(Boolean);
  const lines = written.flatMap((line) => parsed(line) ?? []);
  const damaged = written.length - lines.length;
  const warnings = damaged === 0 ? [] : [`${file}: ${damaged} of ${written.length} lines are damaged and left out`];
  return { lines, warnings };
}

/**
 * Parses a line of the history; `undefined` if a kill has truncated the line, or if it does not belong to a history.
 */
function parsed(text: string): HistoryLine | undefined {
  try {
    const line: unknown = { ...OLDER, ...JSON.parse(text) };
    return Value.Check(LINE, line) ? line : undefined;
  } catch {
    return undefined;
  }
}

/** Appends a run to the history in one write, so that lines of two runs that end together do not mix. */
export async function appendHistory(directory: string, line: HistoryLine): Promise<void> {
  await mkdir(directory, { recursive: true });
  const file = join(directory, FILE);
  // Starts a new line after a truncated one, so that this run's line can be parsed.
  await appendFile(file, `${(await endsWithin(file)) ? '\n' : ''}${JSON.stringify(line)}\n`);
}

/** Whether a file's last line lacks its line end. */
async function endsWithin(file: string): Promise<boolean> {
  await using handle = await open(file, 'a+');
  const { size } = await handle.stat();
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(1), 0, 1, Math.max(0, size - 1));
  return bytesRead === 1 && buffer[0] !== 0x0a;
}

/** The run of a report as a line of the history. */
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

/**
 * Short name of the subject under test (target, agent); runs with the same name are compared. A run with `KATA_MUTE` or
 * `KATA_MUTANT` has a name of its own.
 */
function subjectName(subjects: RunReport['subjects']): string {
  const names = subjects.map(({ target, hypervisor, runtime, generation, agent, muted, mutant }) =>
    [
      target,
      ...(hypervisor === 'none' ? [] : [hypervisor]),
      // The Go runtime has none, so that it is compared with its runs before there were two.
      ...(runtime === 'rs' ? ['runtime-rs'] : []),
      generation,
      agent.kind,
      ...(muted === undefined ? [] : [`muted ${muted}`]),
      ...(mutant === undefined ? [] : [`mutant ${mutant}`]),
    ].join(' · '),
  );
  return [...new Set(names)].join(', ');
}

/** Changes of a run compared with earlier runs of the same subject. */
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
  // Only full runs are compared with a full one: the pace of a partial run differs.
  const whole = now.full ? same.filter(({ full }) => full) : [];
  const slow = tests.flatMap(({ id, outcome }) => (outcome === 'passed' ? slowdownOf(id, now, whole) : []));
  return { failing, slow, flaky };
}

/** The last outcome of every test by subject under test: this run's subject first, then the others, latest first. */
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

/** The trend shown in the report: the full runs of the same subject, including this run if it is full. */
export function trendOf(now: HistoryLine, earlier: readonly HistoryLine[], length = 60): TrendPoint[] {
  const same = earlier.filter(({ subject }) => subject === now.subject);
  return [...same, now]
    .filter(({ full }) => full)
    .slice(-length)
    .map(({ full: _full, tests: _tests, fingerprints: _fingerprints, ...point }) => point);
}

/** Adds to each group of failures its occurrences in earlier runs of any subject. */
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

/**
 * How much slower a test became. Shares of the run are compared, not milliseconds, since a slower machine is slower at
 * everything.
 */
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

/** Speed of the machine of a run: the median duration of the run's tests. */
function pace({ tests }: HistoryLine): number {
  return Math.max(1, median(Object.values(tests).map(([, ms]) => ms)));
}
