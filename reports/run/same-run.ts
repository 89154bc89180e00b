import type { RunReport } from '../model.ts';

/**
 * Calls that fixtures make once for all tests that share a guest: they are recorded for the test that is the first in its guest, and
 * shards distribute the tests among guests in another way.
 */
const ONCE_FOR_GUEST = ['grpc.Image/PullImage'];

/** The parts of a report that must be equal with and without shards: everything but times, ids and machines. */
function comparable({
  outcome,
  full,
  totals,
  skips,
  tests,
  failures,
  coverage,
  verdicts,
}: RunReport): Record<string, unknown> {
  return {
    outcome,
    full,
    totals,
    skips: bySerialized(skips),
    verdicts: [...verdicts].sort(),
    failures: bySerialized(failures.map(({ fingerprint, tests: ids }) => ({ fingerprint, tests: [...ids].sort() }))),
    'API coverage': {
      ...coverage,
      methods: coverage.methods.map(({ method, declared, tests: callers, outcomes }) => ({
        method,
        declared,
        callers: ONCE_FOR_GUEST.includes(method) ? undefined : callers,
        statuses: outcomes.map(({ status }) => status),
      })),
    },
    ...Object.fromEntries(
      tests.map(({ id, file, groups, name, outcome: own, project, reason, retries, tags, calls, evidence }) => [
        id,
        {
          file,
          groups,
          name,
          outcome: own,
          project,
          reason,
          retries,
          tags,
          evidence: evidence !== undefined,
          calls: calls
            .filter(({ method }) => !ONCE_FOR_GUEST.includes(method))
            .map(({ method, status }) => `${method} ${status}`)
            .sort(),
        },
      ]),
    ),
  };
}

/**
 * The differences between the report of an unsharded run and that of merged shards, one line for each test or part;
 * empty if there are none.
 */
export function differences(whole: RunReport, merged: RunReport): string[] {
  const [ours, theirs] = [comparable(whole), comparable(merged)];
  return [...new Set([...Object.keys(ours), ...Object.keys(theirs)])].flatMap((key) => {
    const [a, b] = [JSON.stringify(ours[key]), JSON.stringify(theirs[key])];
    return a === b ? [] : [`${key}: ${a ?? 'absent'} became ${b ?? 'absent'}`];
  });
}

function bySerialized<T>(values: readonly T[]): T[] {
  return [...values].sort((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b)));
}
