import { HarnessError } from '../../../helpers/errors.ts';
import type { Report } from '../mutants/run-suites.ts';
import type { Answer } from './bisect.ts';

/**
 * What the report of a run says about a claim. Throws for a claim that was skipped: it says nothing about the agent, so
 * the question is wrong.
 */
export function judge({ tests }: Pick<Report, 'tests'>): Answer {
  const tried = tests.filter(({ notTried }) => notTried === undefined);
  if (tried.some(({ outcome }) => outcome === 'failed')) return 'bad';
  const skipped = tried.find(({ outcome }) => outcome === 'skipped');
  if (skipped !== undefined) {
    throw new HarnessError('bisect', `"${skipped.id}" is skipped, which answers nothing: ${skipped.reason ?? ''}`);
  }
  return tried.length === 0 ? { untestable: 'no test ran' } : 'good';
}

/** First line of the first failure in a report. */
export function firstFailure({ tests }: Pick<Report, 'tests'>): string {
  const failed = tests.find(({ outcome }) => outcome === 'failed');
  return failed?.failures[0]?.message.split('\n', 1)[0] ?? '';
}
