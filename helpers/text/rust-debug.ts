/** A string literal as Rust's `{:?}` prints it. Source: `str::escape_debug` of Rust's standard library. */
const LITERAL = /"((?:[^"\\]|\\(?:[0tnr'"\\]|u\{[0-9a-f]{1,6}\}))*)"/y;
const ESCAPE = /\\(?:u\{([0-9a-f]+)\}|(.))/g;
const LETTERS: Readonly<Record<string, string>> = { 0: '\0', t: '\t', n: '\n', r: '\r' };

/** The text of the string that Rust's `{:?}` printed at `from` of a text, or `undefined` if there is none. */
export function readRustString(text: string, from = 0): string | undefined {
  LITERAL.lastIndex = from;
  const [, quoted] = LITERAL.exec(text) ?? [];
  return quoted?.replace(ESCAPE, (_, point: string | undefined, letter: string) =>
    point === undefined ? (LETTERS[letter] ?? letter) : String.fromCodePoint(Number.parseInt(point, 16)),
  );
}
