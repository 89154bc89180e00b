import type { RunReport } from '../model.ts';
import { many } from './format.ts';

/** The result of a run in one sentence, the headline of its report. */
export function sentence({
  outcome,
  totals,
  errors,
  verdicts,
}: Pick<RunReport, 'errors' | 'outcome' | 'totals' | 'verdicts'>): string {
  const ran = totals.passed + totals.failed + totals.flaky;
  const notRun = totals.skipped > 0 ? `, ${totals.skipped} not run` : '';
  if (outcome === 'interrupted') return `Interrupted after ${many(ran, 'test')}`;
  if (totals.failed > 0) {
    const outside = errors.length > 0 ? `, ${many(errors.length, 'error')} outside tests` : '';
    return `${totals.failed - errors.length} of ${ran} tests failed${outside}${notRun}`;
  }
  if (ran === 0) return 'Nothing ran';
  const retried = totals.flaky > 0 ? `, ${totals.flaky} of them after a retry` : '';
  return `${many(ran, 'test')} passed${retried}${notRun}${verdicts.length > 0 ? ', but the run failed' : ''}`;
}
