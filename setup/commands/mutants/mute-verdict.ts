import type { ReportedTest } from './run-suites.ts';

/**
 * Vitest's message if a call that must be rejected was answered: the muted client answers every call of the method
 * itself.
 */
const ANSWERED = /^promise resolved .* instead of rejecting/s;

/**
 * Why a test failed with KATA_MUTE, in one line; `undefined` if it did not fail because of what was withheld. A missing
 * rejection does not prove the effect of a method that alone is withheld, since the client answers every call of it; it
 * does prove that of a field, with which the agent rejects the call.
 */
export function failureOf({ failures, outcome }: ReportedTest, mutes: readonly string[]): string | undefined {
  if (outcome !== 'failed') return undefined;
  const answered = mutes.length === 1 && mutes.every(isMethod);
  const proof = failures.find(({ message }) => !answered || !ANSWERED.test(message));
  return proof === undefined ? undefined : firstLine(proof.message);
}

/** Whether the name of a method or field, as in KATA_MUTE with the method's full name, is a method's. */
export function isMethod(muted: string): boolean {
  return !muted.slice(muted.indexOf('/')).includes('.');
}

/** The method in a value of KATA_MUTE, `package.Service/Method.path.to.field`. */
export function methodOf(name: string): string {
  const dot = name.indexOf('.', name.indexOf('/') + 1);
  return dot === -1 ? name : name.slice(0, dot);
}

function firstLine(text: string): string {
  return (text.split('\n', 1)[0] ?? '').slice(0, 160);
}
