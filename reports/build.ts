import { budgetsOf } from './budgets.ts';
import type { Collected } from './collect.ts';
import { subjectOf } from './collect.ts';
import { coverageOf, type Excuses } from './coverage.ts';
import { groupFailures } from './fingerprint.ts';
import { changesOf, type HistoryLine, historyLine, matrixOf, trendOf, withEarlier } from './history.ts';
import { expired, issueOf, type KnownIssue } from './known-issues.ts';
import type { RunReport, Table, Test } from './model.ts';

/** All a report is made from. */
export interface Sources {
  readonly collected: Collected;
  readonly startedAt: number;
  readonly endedAt: number;
  readonly interrupted: boolean;
  readonly suite: RunReport['suite'];
  readonly knownIssues: readonly KnownIssue[];
  readonly excuses: Excuses;
  readonly coverageGate: boolean;
  readonly history: readonly HistoryLine[];
  readonly tables: readonly Table[];
}

/** Makes the report of a run. Pure. */
export function buildReport(sources: Sources): { readonly report: RunReport; readonly line: HistoryLine } {
  const { collected, startedAt, endedAt, interrupted, suite, history } = sources;
  const today = new Date(endedAt).toISOString().slice(0, 10);
  const tests = collected.tests.map((test) => explained(test, sources.knownIssues, today));
  const subjects = collected.facts.map(subjectOf);
  const full = !interrupted && isFull(collected);
  const coverage = coverageOf(
    tests,
    [...new Set(collected.facts.flatMap(({ declared }) => declared))],
    subjects.map(({ target }) => target),
    sources.excuses,
  );
  const judged = { tests, full, coverage, today };
  const verdicts = full ? verdictsOf(judged, sources) : [];
  const totals = totalsOf(tests, collected.errors.length);
  const base = {
    schema: 'kata-cc-suite/run/1' as const,
    outcome: interrupted
      ? ('interrupted' as const)
      : totals.failed + verdicts.length > 0
        ? ('failed' as const)
        : ('passed' as const),
    startedAt,
    durationMs: endedAt - startedAt,
    full,
    suite,
    subjects,
    totals,
    skips: skipsOf(tests),
    tests,
    errors: [...collected.errors],
    failures: groupFailures(tests),
    coverage,
    budgets: budgetsOf(collected.timings),
    verdicts,
    warnings: warningsOf(judged, sources),
    tables: [...sources.tables],
  };
  const line = historyLine(base);
  const changes = changesOf(line, history, tests);
  const failures = withEarlier(base.failures, history);
  return {
    line,
    report: { ...base, failures, changes, trend: trendOf(line, history), matrix: matrixOf(line, history) },
  };
}

function explained(test: Test, issues: readonly KnownIssue[], today: string): Test {
  if (test.outcome !== 'failed' && test.outcome !== 'flaky') return test;
  const issue = issueOf(test, issues, today);
  return issue === undefined ? test : { ...test, knownIssue: issue.issue };
}

/** Nothing was filtered out, and of shards every one is there. */
function isFull({ facts }: Collected): boolean {
  if (facts.length === 0 || facts.some(({ filtered }) => filtered)) return false;
  const sharded = facts.flatMap(({ shard }) => (shard === undefined ? [] : [shard]));
  if (sharded.length === 0) return true;
  const count = Math.max(...sharded.map((shard) => shard.count));
  return new Set(sharded.map(({ index }) => index)).size === count;
}

function totalsOf(tests: readonly Test[], errors: number): RunReport['totals'] {
  const of = (outcome: Test['outcome']): number => tests.filter((test) => test.outcome === outcome).length;
  return { passed: of('passed'), failed: of('failed') + errors, flaky: of('flaky'), skipped: of('skipped') };
}

function skipsOf(tests: readonly Test[]): RunReport['skips'] {
  const counts = new Map<string, number>();
  for (const { outcome, reason = 'no reason given' } of tests) {
    if (outcome === 'skipped') counts.set(reason, (counts.get(reason) ?? 0) + 1);
  }
  return [...counts].map(([reason, count]) => ({ reason, count })).sort((a, b) => b.count - a.count);
}

interface Judged {
  readonly tests: readonly Test[];
  readonly full: boolean;
  readonly coverage: RunReport['coverage'];
  readonly today: string;
}

/** What turns a full run red although every test passed. */
function verdictsOf({ tests, coverage, today }: Judged, { coverageGate, knownIssues }: Sources): string[] {
  const flaky = tests.filter(({ outcome, knownIssue }) => outcome === 'flaky' && knownIssue === undefined);
  return [
    ...expired(knownIssues, today).map(
      ({ test, issue, expires }) => `known issue ${issue} of "${test}" expired on ${expires}`,
    ),
    ...flaky.map(({ id, retries }) => `flaky, and no issue knows it (passed after ${retries} retries): ${id}`),
    ...(coverageGate
      ? coverage.missing.map((method) => `${method} has neither a spec nor an entry in suites/uncovered.json`)
      : []),
  ];
}

function warningsOf({ full, coverage, today }: Judged, { coverageGate, knownIssues }: Sources): string[] {
  return [
    ...(full
      ? []
      : expired(knownIssues, today).map(({ issue, expires }) => `known issue ${issue} expired on ${expires}`)),
    ...(full || !coverageGate ? [] : ['the coverage gate judges full runs only; this one was partial']),
    ...coverage.stale.map((method) => `suites/uncovered.json excuses ${method}, which a spec calls`),
  ];
}
