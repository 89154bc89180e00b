/** The changed lines of one file, counted from 1: those removed from the file before, and those added to the file after. */
export interface ChangedLines {
  readonly path: string;
  readonly removed: readonly number[];
  readonly added: readonly number[];
}

/**
 * Reads the output of `git diff --unified=0 --no-prefix`. A file without changed lines (binary, or only its mode changed) has none. git
 * quotes paths with unusual characters; they stay quoted.
 */
export function parseChangedLines(diff: string): readonly ChangedLines[] {
  return diff
    .split(/^diff --git /m)
    .slice(1)
    .map((text) => {
      const lines = text.split('\n');
      const start = lines.findIndex((line) => line.startsWith('@@ '));
      const head = start < 0 ? lines : lines.slice(0, start);
      const named = ['+++ ', '--- '].map((sign) => head.find((line) => line.startsWith(sign))?.slice(sign.length));
      // Both sides have the same name: renames are not detected. A path with a blank ends with a tab in the lines of names.
      const path = named.find((name) => name !== undefined && name !== '/dev/null')?.replace(/\t$/, '');
      const hunks = lines.flatMap((line) => {
        const [, from, removed = '1', to, added = '1'] = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/.exec(line) ?? [];
        if (from === undefined || to === undefined) return [];
        return [{ removed: range(Number(from), Number(removed)), added: range(Number(to), Number(added)) }];
      });
      return {
        path: path ?? halfOf(lines[0] ?? ''),
        removed: hunks.flatMap((hunk) => hunk.removed),
        added: hunks.flatMap((hunk) => hunk.added),
      };
    });
}

function range(from: number, length: number): readonly number[] {
  return Array.from({ length }, (_, index) => from + index);
}

/** The path in the first line of a file without changed lines, which has it twice, with a blank between. */
function halfOf(twice: string): string {
  return twice.slice(0, (twice.length - 1) / 2);
}
