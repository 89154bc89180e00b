import { type KnownIssue, type Place, placeOf } from '../../helpers/contract/known-issue.ts';
import type { RunFacts } from '../../helpers/contract/run-facts.ts';
import type { RunReport, Test } from '../model.ts';
import { budgetsOf } from './budgets.ts';
import { subjectOf } from './collect.ts';
import { coverageOf } from './coverage.ts';
import { groupFailures } from './fingerprint.ts';
import { changesOf, type HistoryLine, historyLine, matrixOf, trendOf, withEarlier } from './history.ts';
import { issueOf } from './known-issues.ts';
import type { ReportInput } from './report-input.ts';
import { isWhole, scopeOf } from './scope.ts';
import { setupCostsOf } from './setup-costs.ts';
import { verdictsOf, warningsOf } from './verdicts.ts';

/** Builds the report of a run; a pure function. */
export function buildReport(sources: ReportInput): { readonly report: RunReport; readonly line: HistoryLine } {
  const { collected, startedAt, endedAt, interrupted, suite, history } = sources;
  const today = new Date(endedAt).toISOString().slice(0, 10);
  const places = new Map(collected.facts.map((run) => [run.runId, placeOf(run)]));
  const tests = collected.tests.map((test) =>
    explained(test, sources.knownIssues, places.get(test.runId ?? ''), today),
  );
  const subjects = collected.facts.map(subjectOf);
  const scope = scopeOf(collected, sources.whole);
  const full = !interrupted && collected.facts.length > 0 && isWhole(scope);
  const coverage = coverageOf(tests, collected.facts, sources);
  const skips = skipsOf(tests);
  const judged = { tests, full, scope, skips, coverage, errors: collected.errors.length, today };
  const verdicts = verdictsOf(judged, sources);
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
    scope,
    suite,
    subjects,
    totals,
    skips,
    tests,
    errors: [...collected.errors],
    failures: groupFailures(tests),
    coverage,
    budgets: budgetsOf(collected.timings),
    verdicts,
    warnings: warningsOf(judged, sources),
    setupCosts: setupCostsOf(subjects),
    tables: [...sources.tables],
    ...watchedOf(collected.facts),
  };
  const line = historyLine(base);
  const changes = changesOf(line, history, tests);
  const failures = withEarlier(base.failures, history);
  return {
    line,
    report: { ...base, failures, changes, trend: trendOf(line, history), matrix: matrixOf(line, history) },
  };
}

/** Why spec files ran, if `pnpm kata watch` chose them. */
function watchedOf(facts: readonly RunFacts[]): Pick<RunReport, 'watch'> {
  const watched = facts.flatMap(({ watch = [] }) => watch);
  return watched.length === 0 ? {} : { watch: watched.map(({ file, reasons }) => ({ file, reasons: [...reasons] })) };
}

function explained(test: Test, issues: readonly KnownIssue[], place: Place | undefined, today: string): Test {
  if (place === undefined || (test.outcome !== 'failed' && test.outcome !== 'flaky')) return test;
  const issue = issueOf(test, issues, place, today);
  return issue === undefined ? test : { ...test, knownIssue: issue.issue };
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
