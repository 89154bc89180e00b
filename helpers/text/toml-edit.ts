import { patch, stringify } from '@decimalturn/toml-patch';
import { HarnessError } from '../errors.ts';
import { literalPattern } from './literal-pattern.ts';
import { parseToml, sameToml, type TomlTable, tomlPath, valueAt, withValue } from './toml-read.ts';

/** A TOML value of the types that Kata's and containerd's configurations use. */
export type TomlValue = string | number | boolean | readonly string[];

/** An edit of one setting in a TOML document. */
export interface TomlEdit {
  /** Keys that lead to the setting, from the root of the document. */
  readonly path: readonly [string, ...string[]];
  /**
   * New value of the setting. `undefined` empties an existing one: '', false or []. A function gets the current value,
   * to extend it.
   */
  readonly value: TomlValue | undefined | ((current: unknown) => TomlValue);
  /**
   * Skips a setting that the document does not have, not even in a comment; without this option, such an edit is an
   * error.
   */
  readonly optional?: true;
  /** Adds the setting, and the tables above it, if the document does not have the setting; does not uncomment it. */
  readonly add?: true;
}

/**
 * Layout of text that is added to a TOML document: TOML 1.0 allows neither trailing commas nor line ends in inline
 * tables.
 */
const FORMAT = { inlineTableStart: 99, trailingComma: false, multilineTable: false, bracketSpacing: false } as const;

/**
 * Edits a TOML document by parsed keys, however they are spelled; comments and layout stay. A commented setting (`#key = …`) is
 * uncommented in place. The result of each edit is parsed and compared with the expected document before the next edit. Throws
 * a {@link HarnessError} if the text cannot be parsed or edited.
 */
export function editToml(text: string, edits: readonly TomlEdit[]): string {
  return edits.reduce(applyEdit, text);
}

/**
 * Applies edits to a TOML document and returns them as a separate document, which a program merges over `text`: it
 * contains only the changed settings.
 */
export function tomlOverlay(text: string, edits: readonly TomlEdit[]): string {
  const document = parseToml(text);
  let overlay: TomlTable = {};
  for (const edit of edits) {
    if (edit.value !== undefined && !isKnown(text, document, edit)) continue;
    const value = wantedValue(edit, valueAt(document, edit.path));
    if (value !== undefined) overlay = withValue(overlay, edit.path, value);
  }
  return stringify(overlay, FORMAT);
}

function applyEdit(text: string, edit: TomlEdit): string {
  const document = parseToml(text);
  const current = valueAt(document, edit.path);
  const value = wantedValue(edit, current);
  if (value === undefined || sameToml(value, current)) return text;
  if (!isKnown(text, document, edit)) return text;
  const wanted = withValue(document, edit.path, value);
  // Possible layouts of the edit, best first. Which of them gives a valid document depends on how the document writes
  // its tables.
  const known = edit.add || current !== undefined ? undefined : uncommented(text, edit);
  const ways = [
    ...(known === undefined ? [] : [() => patch(known, wanted, FORMAT)]),
    ...(current === undefined ? [() => withSection(text, edit.path, value)] : []),
    () => patch(text, wanted, FORMAT),
  ];
  let cause: unknown;
  for (const write of ways) {
    try {
      const edited = write();
      if (sameToml(parseToml(edited), wanted)) return edited;
    } catch (error) {
      cause = error;
    }
  }
  throw new HarnessError('toml', `cannot set ${tomlPath(edit.path)} to ${JSON.stringify(value)} in this document`, {
    cause,
  });
}

function wantedValue({ value }: TomlEdit, current: unknown): TomlValue | undefined {
  if (typeof value === 'function') return value(current);
  if (value !== undefined || current === undefined) return value;
  if (Array.isArray(current)) return [];
  return typeof current === 'string' ? '' : false;
}

/**
 * Whether the TOML document has a setting, also in a comment, or the edit adds it. Throws if neither is true and the
 * edit is not optional.
 */
function isKnown(text: string, document: TomlTable, edit: TomlEdit): boolean {
  const { add, optional, path } = edit;
  if (add || valueAt(document, path) !== undefined || uncommented(text, edit) !== undefined) return true;
  if (optional) return false;
  const table = path.slice(0, -1);
  const problem = valueAt(document, table) === undefined ? `no table [${tomlPath(table)}]` : 'no such setting';
  throw new HarnessError('toml', `cannot set ${tomlPath(path)}: ${problem}, not even in a comment`);
}

/**
 * The TOML document with a setting uncommented: without the `#` whose removal adds that setting and changes nothing
 * else.
 */
function uncommented(text: string, { path }: TomlEdit): string | undefined {
  const document = parseToml(text);
  const key = literalPattern(tomlPath(path.slice(-1)));
  const comment = new RegExp(`^([ \\t]*)#[ \\t]*(?=${key}[ \\t]*=)`);
  const lines = text.split('\n');
  for (const [index, line] of lines.entries()) {
    if (!comment.test(line)) continue;
    const candidate = lines.map((each, at) => (at === index ? line.replace(comment, '$1') : each)).join('\n');
    const value = valueIn(candidate, path);
    if (value !== undefined && parsesAs(candidate, withValue(document, path, value))) return candidate;
  }
  return undefined;
}

/** The TOML document with a table appended that contains this setting; keeps the document's kind of line ends. */
function withSection(text: string, path: TomlEdit['path'], value: TomlValue): string {
  const [key = ''] = path.slice(-1);
  const end = text.includes('\r\n') ? '\r\n' : '\n';
  const gap = text === '' ? '' : text.endsWith('\n') ? end : `${end}${end}`;
  return `${text}${gap}[${tomlPath(path.slice(0, -1))}]${end}${stringify({ [key]: value }, FORMAT).trimEnd()}${end}`;
}

function parsesAs(text: string, wanted: TomlTable): boolean {
  try {
    return sameToml(parseToml(text), wanted);
  } catch {
    return false;
  }
}

function valueIn(text: string, path: readonly string[]): unknown {
  try {
    return valueAt(parseToml(text), path);
  } catch {
    return undefined;
  }
}
