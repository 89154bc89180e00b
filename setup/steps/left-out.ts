/** Number of names in a message before "and N more". */
const NAMED = 5;

/** A phrase for the end of a sentence that lists what was left out; empty if nothing was. */
export function withoutWhat(leftOut: readonly string[]): string {
  if (leftOut.length === 0) return '';
  const more = leftOut.length - NAMED;
  return `, without ${leftOut.slice(0, NAMED).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
