import semver from 'semver';
import type { ClaimOutcome, ReleaseColumn, ReleasesReport } from '../../../helpers/contract/releases.ts';
import type { Report, ReportedTest } from '../mutants/run-suites.ts';

/** A release, resolved to a commit. */
export type Release = Pick<ReleaseColumn, 'release' | 'commit' | 'version'>;

/** The column of a release whose suites ran. Claims that the run did not reach are left out. */
export function columnOf(
  release: Release,
  { subjects, tests }: Pick<Report, 'subjects' | 'tests'>,
  at: number,
): ReleaseColumn {
  const tried = tests.filter(({ notTried }) => notTried === undefined);
  const banner = subjects[0]?.banner;
  return {
    ...release,
    at,
    ...(banner === undefined ? {} : { banner }),
    claims: Object.fromEntries(tried.map((test) => [test.id, outcomeOf(test)])),
  };
}

/** The column of a release without outcomes, and why. */
export function columnWithout(
  release: Release,
  what: NonNullable<ReleaseColumn['problem']>['what'],
  why: string,
  at: number,
): ReleaseColumn {
  return { ...release, at, problem: { what, why }, claims: {} };
}

function outcomeOf({ failures, knownIssue, outcome, reason }: ReportedTest): ClaimOutcome {
  const why = outcome === 'skipped' ? reason : failures[0]?.message.split('\n', 1)[0];
  return {
    outcome: OUTCOMES.find((known) => known === outcome) ?? 'failed',
    ...(why === undefined ? {} : { why }),
    ...(knownIssue === undefined ? {} : { knownIssue }),
  };
}

const OUTCOMES = ['passed', 'failed', 'flaky', 'skipped'] as const;

/** The report with a column, which replaces an earlier one of the same commit; oldest version first. */
export function withColumn(report: ReleasesReport | undefined, column: ReleaseColumn): ReleasesReport {
  const others = (report?.columns ?? []).filter(({ commit }) => commit !== column.commit);
  const columns = [...others, column].sort((a, b) => compareVersions(a.version, b.version));
  return { schema: 'kata-cc-suite/releases/1', columns };
}

/** The column of each of these releases that a report has. */
export function columnsOf(
  report: ReleasesReport | undefined,
  releases: readonly Pick<Release, 'commit'>[],
): readonly ReleaseColumn[] {
  return (report?.columns ?? []).filter((column) => releases.some(({ commit }) => commit === column.commit));
}

/** The claims about a release in a report; `undefined` if it was not tested, or could not be. */
export function claimsOf(
  report: ReleasesReport | undefined,
  release: Pick<Release, 'commit'>,
): ReleaseColumn['claims'] | undefined {
  const [column] = columnsOf(report, [release]);
  return column?.problem === undefined ? column?.claims : undefined;
}

function compareVersions(a: string, b: string): number {
  return semver.valid(a) === null || semver.valid(b) === null ? a.localeCompare(b) : semver.compare(a, b);
}

/** One line about a column, for the terminal. */
export function lineOf({ claims, problem, release }: ReleaseColumn): string {
  if (problem !== undefined) return `${release}: ${problem.what}: ${problem.why}`;
  const outcomes = Object.values(claims);
  const counts = OUTCOMES.map(
    (outcome) => [outcomes.filter((one) => one.outcome === outcome).length, outcome] as const,
  );
  return `${release}: ${counts
    .filter(([count]) => count > 0)
    .map(([count, outcome]) => `${count} ${outcome}`)
    .join(', ')}`;
}
