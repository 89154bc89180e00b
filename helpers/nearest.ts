/** The name that differs least from what somebody typed; `undefined` when there are none. */
export function nearest(typed: string, names: readonly string[]): string | undefined {
  return [...names].sort((a, b) => distance(typed, a) - distance(typed, b))[0];
}

/** How many letters differ. Source: Levenshtein's distance, row by row. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1];
    for (const [j, other] of [...b].entries()) {
      next.push(Math.min((next[j] ?? 0) + 1, (row[j + 1] ?? 0) + 1, (row[j] ?? 0) + (letter === other ? 0 : 1)));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
