/** Maximum number of names that a message lists before "and N more". */
const NAMED = 5;

/** A phrase for the end of a sentence that lists what a source lacks; empty if nothing is missing. */
export function leftOutPhrase(leftOut: readonly string[]): string {
  if (leftOut.length === 0) return '';
  const more = leftOut.length - NAMED;
  return `, without ${leftOut.slice(0, NAMED).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
