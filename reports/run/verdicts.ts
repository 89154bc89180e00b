import type { KnownIssue } from '../../helpers/contract/known-issue.ts';
import type { RunFacts } from '../../helpers/contract/run-facts.ts';
import { whyTooOld } from '../../helpers/contract/too-old.ts';
import type { RunReport, Scope, Test } from '../model.ts';
import type { Collected } from './collect.ts';
import { expired, unmatched } from './known-issues.ts';
import type { ReportInput } from './report-input.ts';
import { isTried } from './scope.ts';

/** The parts of a run that decide, besides the outcome of each test, whether it fails or has warnings. */
export interface RunOutcome {
  readonly tests: readonly Test[];
  readonly full: boolean;
  readonly scope: Scope;
  readonly skips: RunReport['skips'];
  readonly coverage: RunReport['coverage'];
  readonly errors: number;
  readonly today: string;
}

/** Reasons for which a run fails although no test failed. */
export function verdictsOf(judged: RunOutcome, sources: ReportInput): string[] {
  const { full } = judged;
  return [
    ...sources.problems,
    ...falsifications(sources.collected),
    ...(sources.merged ? mergeProblems(sources.collected) : []),
    ...(sources.passWithNoTests ? [] : nothingRan(judged, sources)).map(
      (text) => `${text}; --passWithNoTests allows that`,
    ),
    ...(full ? verdictsOfFull(judged, sources) : []),
  ];
}

/** Warnings about a run, which do not fail it. */
export function warningsOf(judged: RunOutcome, sources: ReportInput): string[] {
  const { coverage, full, tests, today } = judged;
  const { coverageGate, collected, knownIssues } = sources;
  return [
    ...sources.warnings,
    ...oldVersions(collected),
    ...(sources.passWithNoTests ? nothingRan(judged, sources) : []).map(
      (text) => `${text}; allowed by --passWithNoTests, which --changed implies`,
    ),
    ...(full ? staleIssues(tests, knownIssues, collected.facts) : expiredIssues(knownIssues, today)),
    ...(full || !coverageGate ? [] : ['KATA_COVERAGE_GATE applies to full runs only; this run was partial']),
    ...(full && coverageGate
      ? coverage.unmeasured.map(
          (subject) => `no effects were measured for ${subject}: pnpm kata mutants --mute measures them`,
        )
      : []),
    ...coverage.stale.map((method) => `suites/uncovered.json excuses ${method}, which a spec calls`),
  ];
}

/** The programs that are older than the minimum that the Kata under test declares. */
function oldVersions({ facts }: Collected): string[] {
  const found = facts.flatMap(({ versions = [] }) => versions.map(whyTooOld)).filter((why) => why !== undefined);
  return [...new Set(found)];
}

/**
 * Reasons for which a run with `KATA_MUTE` or `KATA_MUTANT` fails: it tests the suites, and must not look like a run that
 * tests Kata.
 */
function falsifications({ facts }: Collected): string[] {
  const reasons = facts.flatMap(({ muted, mutant }) => [
    ...(muted === undefined ? [] : [`the client was muted (KATA_MUTE=${muted})`]),
    ...(mutant === undefined ? [] : [`a fault was built in (KATA_MUTANT=${mutant})`]),
  ]);
  return [...new Set(reasons)].map((reason) => `${reason}: this run proves nothing about Kata`);
}

function verdictsOfFull({ tests, coverage, today }: RunOutcome, { coverageGate, knownIssues }: ReportInput): string[] {
  const flaky = tests.filter(({ outcome, knownIssue }) => outcome === 'flaky' && knownIssue === undefined);
  return [
    ...expiredIssues(knownIssues, today),
    ...flaky.map(({ id, retries }) => `flaky without a known issue (passed after ${retries} retries): ${id}`),
    ...(coverageGate
      ? [
          ...coverage.missing.map((method) => `${method} has neither a spec nor an entry in suites/uncovered.json`),
          ...coverage.unproved.map(
            (name) =>
              `${name} has neither a spec that proves its effect (pnpm kata mutants --mute) nor an entry in suites/unproved.json`,
          ),
        ]
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

/** Why a run without tests fails. A single shard may have none; merged shards are checked together. */
function nothingRan(
  { errors, scope, skips, tests }: RunOutcome,
  { collected, interrupted, merged }: ReportInput,
): string[] {
  if (interrupted || errors > 0 || tests.some(({ outcome }) => outcome !== 'skipped')) return [];
  if (!merged && collected.facts.some(({ shard }) => shard !== undefined)) return [];
  return [`nothing ran: ${whyNothing(tests, scope, skips)}`];
}

function whyNothing(tests: readonly Test[], { reducedBy }: Scope, skips: RunReport['skips']): string {
  const by = reducedBy.length === 0 ? 'the selection' : reducedBy.join(', ');
  if (tests.length === 0) {
    return reducedBy.length === 0 ? `there are no tests` : `no file matches ${by}`;
  }
  if (!tests.some(isTried)) return `no test matches ${by}, of ${tests.length} tests`;
  const reasons = skips.map(({ count, reason }) => `${count} × ${reason}`);
  return `every test was skipped (${reasons.join('; ')})`;
}

/** Problems of merging reports that do not belong together, or that are incomplete. */
function mergeProblems({ facts, repeated }: Collected): string[] {
  const shards = facts.flatMap(({ shard, runId }) => (shard === undefined ? [] : [{ ...shard, runId }]));
  const doubled = repeated.map((file) => `${file} is in more than one of the merged reports, and counted once`);
  if (shards.length === 0) return facts.length > 1 ? ['the merged reports are not of shards', ...doubled] : doubled;
  const counts = [...new Set(shards.map(({ count }) => count))];
  const [count = 0] = counts;
  const indices = shards.map(({ index }) => index);
  const commits = [...new Set(facts.map(({ commit }) => commit))];
  const twice = [...new Set(indices.filter((index, at) => indices.indexOf(index) !== at))];
  const missing = Array.from({ length: count }, (_, at) => at + 1).filter((index) => !indices.includes(index));
  return [
    ...(shards.length < facts.length ? ['a report that is not of a shard is merged with shards'] : []),
    ...(counts.length > 1 ? [`the merged shards have different counts: ${counts.join(' and ')}`] : []),
    ...(commits.length > 1 ? [`the merged shards are of different commits: ${commits.join(', ')}`] : []),
    ...twice.map((index) => `shard ${index}/${count} is merged twice`),
    ...(counts.length > 1 ? [] : missing.map((index) => `shard ${index}/${count} is missing`)),
    ...doubled,
  ];
}
