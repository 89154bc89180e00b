import type { KnownIssue } from '../helpers/known-issue.ts';
import type { RunFacts } from '../helpers/run-facts.ts';
import type { Sources } from './build.ts';
import type { Collected } from './collect.ts';
import { expired, unmatched } from './known-issues.ts';
import type { RunReport, Scope, Test } from './model.ts';
import { isTried } from './scope.ts';

/** What is judged besides the outcome of each test. */
export interface Judged {
  readonly tests: readonly Test[];
  readonly full: boolean;
  readonly scope: Scope;
  readonly skips: RunReport['skips'];
  readonly coverage: RunReport['coverage'];
  readonly errors: number;
  readonly today: string;
}

/** What turns a run red although no test failed. */
export function verdictsOf(judged: Judged, sources: Sources): string[] {
  const { full } = judged;
  return [
    ...sources.problems,
    ...(sources.merged ? mergeProblems(sources.collected) : []),
    ...(sources.passWithNoTests ? [] : nothingRan(judged, sources)).map(
      (text) => `${text}; --passWithNoTests allows that`,
    ),
    ...(full ? verdictsOfFull(judged, sources) : []),
  ];
}

/** What deserves a look, and turns nothing red. */
export function warningsOf(judged: Judged, sources: Sources): string[] {
  const { coverage, full, tests, today } = judged;
  const { coverageGate, collected, knownIssues } = sources;
  return [
    ...sources.warnings,
    ...(sources.passWithNoTests ? nothingRan(judged, sources) : []).map(
      (text) => `${text}; allowed by --passWithNoTests, which --changed implies`,
    ),
    ...(full ? staleIssues(tests, knownIssues, collected.facts) : expiredIssues(knownIssues, today)),
    ...(full || !coverageGate ? [] : ['the coverage gate judges full runs only; this one was partial']),
    ...coverage.stale.map((method) => `suites/uncovered.json excuses ${method}, which a spec calls`),
  ];
}

function verdictsOfFull({ tests, coverage, today }: Judged, { coverageGate, knownIssues }: Sources): string[] {
  const flaky = tests.filter(({ outcome, knownIssue }) => outcome === 'flaky' && knownIssue === undefined);
  return [
    ...expiredIssues(knownIssues, today),
    ...flaky.map(({ id, retries }) => `flaky, and no issue knows it (passed after ${retries} retries): ${id}`),
    ...(coverageGate
      ? coverage.missing.map((method) => `${method} has neither a spec nor an entry in suites/uncovered.json`)
      : []),
  ];
}

function expiredIssues(issues: readonly KnownIssue[], today: string): string[] {
  return expired(issues, today).map(
    ({ test, issue, expires }) => `known issue ${issue} of "${test}" expired on ${expires}`,
  );
}

function staleIssues(tests: readonly Test[], issues: readonly KnownIssue[], facts: readonly RunFacts[]): string[] {
  return unmatched(issues, tests, facts).map(
    ({ test, issue }) => `suites/known-issues.json: "${test}" (${issue}) names no test of this run`,
  );
}

/** A run that ran nothing shows nothing. Of shards one can be without a test to run: all of them together are judged. */
function nothingRan({ errors, scope, skips, tests }: Judged, { collected, interrupted, merged }: Sources): string[] {
  if (interrupted || errors > 0 || tests.some(({ outcome }) => outcome !== 'skipped')) return [];
  if (!merged && collected.facts.some(({ shard }) => shard !== undefined)) return [];
  return [`nothing ran: ${whyNothing(tests, scope, skips)}`];
}

function whyNothing(tests: readonly Test[], { reducedBy }: Scope, skips: RunReport['skips']): string {
  const by = reducedBy.length === 0 ? 'what was asked for' : reducedBy.join(', ');
  if (tests.length === 0) {
    return reducedBy.length === 0 ? `there is no test` : `no file matches ${by}`;
  }
  if (!tests.some(isTried)) return `no test matches ${by}: ${tests.length} tests were looked at`;
  const reasons = skips.map(({ count, reason }) => `${count} × ${reason}`);
  return `every test was skipped (${reasons.join('; ')})`;
}

/** Reports that do not belong together, or are not all there. */
function mergeProblems({ facts, repeated }: Collected): string[] {
  const shards = facts.flatMap(({ shard, runId }) => (shard === undefined ? [] : [{ ...shard, runId }]));
  const doubled = repeated.map((file) => `${file} is in more than one of the merged reports; one of them is counted`);
  if (shards.length === 0) return facts.length > 1 ? ['reports of no shards are merged', ...doubled] : doubled;
  const counts = [...new Set(shards.map(({ count }) => count))];
  const [count = 0] = counts;
  const indices = shards.map(({ index }) => index);
  const commits = [...new Set(facts.map(({ commit }) => commit))];
  const twice = [...new Set(indices.filter((index, at) => indices.indexOf(index) !== at))];
  const missing = Array.from({ length: count }, (_, at) => at + 1).filter((index) => !indices.includes(index));
  return [
    ...(shards.length < facts.length ? ['a report of no shard is merged with shards'] : []),
    ...(counts.length > 1 ? [`the merged shards are cut differently: of ${counts.join(' and of ')}`] : []),
    ...(commits.length > 1 ? [`the merged shards are of different commits: ${commits.join(', ')}`] : []),
    ...twice.map((index) => `shard ${index}/${count} is merged twice`),
    ...(counts.length > 1 ? [] : missing.map((index) => `shard ${index}/${count} is missing`)),
    ...doubled,
  ];
}
