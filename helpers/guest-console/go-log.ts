import { readGoString } from '../text/go-quote.ts';

const KEY = /[^\s="`]+(?==)/y;
const BARE = /\S*/y;

/**
 * Parses a line in the text format of Go's loggers: `key=value` separated by blanks; values (and in slog's format keys)
 * are quoted if necessary. Sources: logrus' TextFormatter, log/slog's TextHandler. If a part cannot be parsed, it and
 * the rest of the line belong to the value before it. `undefined` if the line does not begin with a field.
 */
export function readGoFields(line: string): Readonly<Record<string, string>> | undefined {
  const fields: Record<string, string> = {};
  let last: { readonly key: string; readonly from: number } | undefined;
  for (let at = 0; at < line.length; ) {
    const field = fieldAt(line, at);
    if (field === undefined) {
      if (last === undefined) return undefined;
      fields[last.key] = line.slice(last.from);
      break;
    }
    fields[field.key] = field.value;
    last = field;
    at = field.end;
    while (line[at] === ' ') at += 1;
  }
  return last === undefined ? undefined : fields;
}

interface Field {
  readonly key: string;
  readonly value: string;
  /** Index at which the value begins, quotes included. */
  readonly from: number;
  readonly end: number;
}

function fieldAt(line: string, at: number): Field | undefined {
  const quoted = readGoString(line, at);
  const key = quoted ?? bare(KEY, line, at);
  if (key.value === '' || line[key.end] !== '=') return undefined;
  const from = key.end + 1;
  const isQuoted = line[from] === '"' || line[from] === '`';
  const text = isQuoted ? readGoString(line, from) : bare(BARE, line, from);
  // A quoted value that cannot be parsed, or that continues behind its closing quote, is taken as it is, to the end of
  // the line.
  const value = text === undefined || /\S/.test(line[text.end] ?? '') ? undefined : text;
  return value === undefined
    ? { key: key.value, value: line.slice(from), from, end: line.length }
    : { key: key.value, value: value.value, from, end: value.end };
}

function bare(pattern: RegExp, text: string, at: number): { readonly value: string; readonly end: number } {
  pattern.lastIndex = at;
  const [value = ''] = pattern.exec(text) ?? [];
  return { value, end: at + value.length };
}
