import { describe, type TestOptions, test } from 'vitest';

/** `true`, or why not. */
export type Condition = true | string;

/** What changes the machine is for root. */
export const AS_ROOT: Condition = process.getuid?.() === 0 || 'needs root';

type Body = () => void | Promise<void>;

/** `test` and `describe`, as far as it is used here: a name, options if there are any, and a body. */
interface Declare {
  (name: string, body: Body): void;
  (name: string, options: TestOptions, body: Body): void;
}

/** `test` where the condition holds; elsewhere the test is skipped, and its report says why. */
export function testWhere(condition: Condition): Declare {
  return condition === true ? test : (name: string) => test(name, ({ skip }) => skip(condition));
}

/** `describe` where the condition holds; elsewhere one test that is skipped for the reason stands for the group's. */
export function describeWhere(condition: Condition): Declare {
  if (condition === true) return describe;
  return (name: string) => void describe(name, () => test('all of its tests', ({ skip }) => skip(condition)));
}
