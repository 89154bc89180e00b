import type { Report, ReportedTest } from './run-suites.ts';

/** Result of a run of the suites in which the client withheld a method or field (KATA_MUTE). */
export interface MuteVerdict {
  readonly verdict: 'killed' | 'SURVIVED';
  /** Number of tests that failed because of it. */
  readonly red: number;
  /** Id of the test that proves the effect of the method or field; empty if none does. */
  readonly spec: string;
  /** Why that test failed, or, if none did, what is known about the method or field. */
  readonly says: string;
}

/**
 * Vitest's message if a call that must be rejected was answered: the muted client answers every call of the method
 * itself.
 */
const ANSWERED = /^promise resolved .* instead of rejecting/s;

/**
 * Tests that can prove the effect of an RPC method, by a report of the suites in which nothing was withheld: they
 * passed, and the agent accepted a call of the method in them.
 */
export function provers({ tests }: Pick<Report, 'tests'>, method: string): readonly ReportedTest[] {
  const accepts = ({ calls }: ReportedTest): boolean =>
    calls.some((call) => call.method === method && call.status === 'ok');
  return tests.filter((test) => test.outcome === 'passed' && accepts(test));
}

/**
 * Judges a run with KATA_MUTE: the method or field is proved if a test that can prove its effect failed, other than
 * because a call was answered that must be rejected. A missing rejection does not prove the effect of an accepted call.
 */
export function judgeMute(can: readonly ReportedTest[], { tests }: Pick<Report, 'tests'>): MuteVerdict {
  const failed = tests.filter(({ outcome }) => outcome === 'failed');
  const ids = new Set(can.map(({ id }) => id));
  const proof = failed.find(
    ({ failures, id }) => ids.has(id) && failures.some(({ message }) => !ANSWERED.test(message)),
  );
  if (proof !== undefined) {
    const says = proof.failures.find(({ message }) => !ANSWERED.test(message))?.message ?? '';
    return { verdict: 'killed', red: failed.length, spec: proof.id, says: firstLine(says) };
  }
  const others = failed.filter(({ id }) => ids.has(id)).length;
  const why = others === 0 ? '' : ', or only because a call was answered that must be rejected';
  return {
    verdict: 'SURVIVED',
    red: failed.length,
    spec: '',
    says: `${can.length} tests call it with success; none failed${why}`,
  };
}

function firstLine(text: string): string {
  return (text.split('\n', 1)[0] ?? '').slice(0, 160);
}
