import { causesOf, HarnessError, messageOf } from '../../../helpers/errors.ts';
import { compilerText } from './compiler-text.ts';

/**
 * What a watch shows of a failure after which it waits for a saved file: cargo's own text, or why the built agent cannot be used. `undefined`
 * for a failure of the first set-up that no change of the agent mends.
 */
export function failureText(error: unknown, { first }: { readonly first: boolean }): string | undefined {
  const compiler = compilerText(error);
  if (compiler !== undefined) return `\n${compiler}\n\nthe agent does not compile: nothing runs until a file is saved`;
  if (first && !isOfAgent(error)) return undefined;
  return `\n${messageOf(error)}\n\nthere is no new agent: nothing runs until a file is saved`;
}

/** Whether set-up failed because of the agent that was built: it does not start, or is none. */
function isOfAgent(error: unknown): boolean {
  return causesOf(error).some(
    (cause) => cause instanceof HarnessError && ['agent', 'first-guest'].includes(cause.code),
  );
}
