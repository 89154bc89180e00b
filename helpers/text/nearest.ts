/**
 * Cost of a letter missing in the user's text; low, because users often type only the beginning or a part of a name.
 */
const MISSING = 0.5;

/**
 * The name that a user most likely meant: the shortest that begins with the text, else the nearest one. `undefined` if all
 * names have a distance of `most` or more; with `most`, the beginning of a name is not preferred.
 */
export function nearest(typed: string, names: readonly string[], most?: number): string | undefined {
  const wanted = typed.toLowerCase();
  if (most === undefined && wanted !== '') {
    const begun = names.filter((name) => name.toLowerCase().startsWith(wanted));
    const [shortest] = begun.sort((a, b) => a.length - b.length);
    if (shortest !== undefined) return shortest;
  }
  const costs = names.map((name) => ({ name, cost: distance(wanted, name.toLowerCase()) }));
  const [best] = costs.sort((a, b) => a.cost - b.cost);
  return best !== undefined && best.cost < (most ?? typed.length / 2) ? best.name : undefined;
}

/** A suggestion for an error message: `; did you mean X?`, or an empty text. */
export function didYouMean(typed: string, names: readonly string[]): string {
  const meant = nearest(typed, names);
  return meant === undefined ? '' : `; did you mean ${meant}?`;
}

/** The cost of changing `typed` into `name`: the Levenshtein distance, computed row by row. */
function distance(typed: string, name: string): number {
  let row = Array.from({ length: name.length + 1 }, (_, index) => index * MISSING);
  for (const [i, letter] of [...typed].entries()) {
    const next = [i + 1];
    for (const [j, other] of [...name].entries()) {
      const missing = (next[j] ?? 0) + MISSING;
      next.push(Math.min(missing, (row[j + 1] ?? 0) + 1, (row[j] ?? 0) + (letter === other ? 0 : 1)));
    }
    row = next;
  }
  return row[name.length] ?? 0;
}
