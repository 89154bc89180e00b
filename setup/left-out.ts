/** What is left out of a list before its end is. */
const NAMED = 5;

/** Says, at the end of a sentence, what was left out; nothing where nothing was. */
export function withoutWhat(leftOut: readonly string[]): string {
  if (leftOut.length === 0) return '';
  const more = leftOut.length - NAMED;
  return `, without ${leftOut.slice(0, NAMED).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
