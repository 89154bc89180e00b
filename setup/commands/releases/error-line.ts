import { messageOf } from '../../../helpers/errors.ts';

const LONGEST = 300;

/**
 * The line of a failed build that says why: the last of a compiler's or cargo's errors, with the cause that cargo names
 * last; without one, the first line of the message.
 */
export function errorLine(error: unknown): string {
  const lines = messageOf(error).split('\n');
  const said = lines.find((line) => /^\s*error(\[E\d+\])?:/.test(line)) ?? lines[0] ?? '';
  const from = lines.findLastIndex((line) => /^\s*Caused by:/.test(line));
  const cause = from === -1 ? [] : [lines[from + 1] ?? ''];
  return [said, ...cause]
    .map((line) => line.trim())
    .join(': ')
    .slice(0, LONGEST);
}
