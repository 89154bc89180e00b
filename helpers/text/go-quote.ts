/** A Go string literal, and where it ends in the surrounding text. */
export interface GoString {
  readonly value: string;
  /** Index of the first character after the closing quote. */
  readonly end: number;
}

/**
 * Escapes of one letter in Go string literals. Source: strconv.Unquote and "String literals" of the Go specification.
 */
const SIMPLE: Readonly<Record<string, number>> = { a: 7, b: 8, f: 12, n: 10, r: 13, t: 9, v: 11, '\\': 92, '"': 34 };

/** Escapes with digits in Go string literals: how many digits, and whether they name a byte or a code point. */
const NUMERIC: Readonly<Record<string, { readonly digits: RegExp; readonly radix: number; readonly byte: boolean }>> = {
  x: { digits: /[0-9a-fA-F]{2}/y, radix: 16, byte: true },
  u: { digits: /[0-9a-fA-F]{4}/y, radix: 16, byte: false },
  U: { digits: /[0-9a-fA-F]{8}/y, radix: 16, byte: false },
};
const OCTAL = /[0-3][0-7]{2}/y;

/**
 * Reads the Go string literal that begins at `from`: interpreted (as `%q` prints it) or raw, between back quotes.
 * Returns `undefined` if there is no literal, if it does not end, or if it contains an escape that Go does not have.
 * Bytes that are not UTF-8, which `\x` can name, stay visible as `\xNN`.
 */
export function readGoString(text: string, from = 0): GoString | undefined {
  if (text[from] === '`') {
    const close = text.indexOf('`', from + 1);
    return close < 0 ? undefined : { value: text.slice(from + 1, close).replaceAll('\r', ''), end: close + 1 };
  }
  if (text[from] !== '"') return undefined;
  const bytes: number[] = [];
  const utf8 = new TextEncoder();
  let at = from + 1;
  while (at < text.length) {
    if (text[at] === '"') return { value: visible(bytes), end: at + 1 };
    if (text[at] === '\n') return undefined;
    if (text[at] !== '\\') {
      const plain = /[^"\\\n]+/y;
      plain.lastIndex = at;
      const [run = ''] = plain.exec(text) ?? [];
      for (const byte of utf8.encode(run)) bytes.push(byte);
      at += run.length;
      continue;
    }
    const escaped = escapeAt(text, at + 1);
    if (escaped === undefined) return undefined;
    if ('byte' in escaped) bytes.push(escaped.byte);
    else for (const byte of utf8.encode(String.fromCodePoint(escaped.point))) bytes.push(byte);
    at = escaped.end;
  }
  return undefined;
}

type Escape = { readonly end: number } & ({ readonly byte: number } | { readonly point: number });

/** The escape in a Go string literal whose backslash is before `at`. */
function escapeAt(text: string, at: number): Escape | undefined {
  const name = text[at] ?? '';
  const simple = SIMPLE[name];
  if (simple !== undefined) return { byte: simple, end: at + 1 };
  const octal = matchAt(OCTAL, text, at);
  if (octal !== undefined) return { byte: Number.parseInt(octal, 8), end: at + octal.length };
  const kind = NUMERIC[name];
  const digits = kind === undefined ? undefined : matchAt(kind.digits, text, at + 1);
  if (kind === undefined || digits === undefined) return undefined;
  const value = Number.parseInt(digits, kind.radix);
  const end = at + 1 + digits.length;
  if (kind.byte) return { byte: value, end };
  const isCharacter = value <= 0x10ffff && (value < 0xd800 || value > 0xdfff);
  return isCharacter ? { point: value, end } : undefined;
}

function matchAt(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}

/** Bytes as text; bytes that are not UTF-8 as `\xNN`. */
function visible(bytes: readonly number[]): string {
  const whole = Uint8Array.from(bytes);
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(whole);
  } catch {
    return [...runs(whole)].join('');
  }
}

function* runs(bytes: Uint8Array): Generator<string> {
  const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  for (let at = 0; at < bytes.length; ) {
    const length = sequenceLength(bytes[at] ?? 0);
    let text: string | undefined;
    try {
      text = length === 0 ? undefined : strict.decode(bytes.subarray(at, at + length));
    } catch {
      text = undefined;
    }
    yield text ?? `\\x${(bytes[at] ?? 0).toString(16).padStart(2, '0')}`;
    at += text === undefined ? 1 : length;
  }
}

/** Number of bytes of a UTF-8 sequence that begins with this byte; 0 if no sequence begins with it. */
function sequenceLength(first: number): number {
  if (first < 0x80) return 1;
  if (first >= 0xc2 && first < 0xe0) return 2;
  if (first >= 0xe0 && first < 0xf0) return 3;
  return first >= 0xf0 && first < 0xf5 ? 4 : 0;
}
