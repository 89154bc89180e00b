import { describe, type TestOptions, test } from 'vitest';

/** A condition of a test: `true`, or the reason why the condition does not hold. */
export type Condition = true | string;

/** Condition of tests that need root. */
export const AS_ROOT: Condition = process.getuid?.() === 0 || 'needs root';

type Body = () => void | Promise<void>;

/** A function like `test` and `describe` of Vitest: it takes a name, optional options, and a body. */
interface Declare {
  (name: string, body: Body): void;
  (name: string, options: TestOptions, body: Body): void;
}

/** Returns Vitest's `test` if the condition holds; otherwise a function that skips the test with the reason. */
export function testWhere(condition: Condition): Declare {
  return condition === true ? test : (name: string) => test(name, ({ skip }) => skip(condition));
}

/**
 * Returns Vitest's `describe` if the condition holds; otherwise the group has one test, which is skipped with the
 * reason.
 */
export function describeWhere(condition: Condition): Declare {
  if (condition === true) return describe;
  return (name: string) => void describe(name, () => test('all of its tests', ({ skip }) => skip(condition)));
}
