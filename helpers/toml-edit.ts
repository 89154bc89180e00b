import { HarnessError } from './errors.ts';

/** A value in a TOML file: only the kinds Kata's and containerd's configurations use. */
export type TomlValue = string | number | boolean | readonly string[];

/** One setting: `section` as it stands between brackets. */
export interface TomlEdit {
  readonly section: string;
  readonly key: string;
  /** `undefined` comments the setting out. A function is given what is there, for settings that are added to. */
  readonly value: TomlValue | undefined | ((current: string | undefined) => TomlValue);
  /** Does nothing where the file does not know the setting, commented or not; otherwise that is an error. */
  readonly optional?: true;
  /** Adds the setting, and its section at the end, where the file does not know them. */
  readonly add?: true;
}

/**
 * Edits a TOML text by whole lines, so that every comment and everything else stays as it is. A commented setting
 * (`#key = …`) is taken into use where it stands.
 */
export function editToml(text: string, edits: readonly TomlEdit[]): string {
  const lines = text.split('\n');
  for (const edit of edits) applyEdit(lines, edit);
  return lines.join('\n');
}

/**
 * The same edits as a text of its own, for a program that lays one over the other: of each section what is to be different. A
 * setting that is to go is given empty: a string, or else a truth.
 */
export function tomlOverlay(text: string, edits: readonly TomlEdit[]): string {
  const lines = text.split('\n');
  const sections = new Map<string, string[]>();
  for (const edit of edits) {
    const setting = overlaid(edit, find(lines, edit));
    if (setting !== undefined) sections.set(edit.section, [...(sections.get(edit.section) ?? []), setting]);
  }
  return [...sections].map(([name, settings]) => [`[${name}]`, ...settings, ''].join('\n')).join('\n');
}

/** Where a setting stands in a text. */
interface Found {
  /** Of its section's header; -1 where there is none. */
  readonly from: number;
  /** Of its line; -1 where the file does not know it. */
  readonly index: number;
  /** It is in use, not in a comment. */
  readonly active: boolean;
  /** A string stands there; and which, where nothing follows it. */
  readonly quoted: boolean;
  readonly current: string | undefined;
}

function find(lines: readonly string[], { key, section }: TomlEdit): Found {
  const [from, to] = sectionBounds(lines, section);
  const inSection = (pattern: RegExp): number =>
    from < 0 ? -1 : lines.findIndex((line, index) => index > from && index < to && pattern.test(line));
  const active = inSection(new RegExp(`^\\s*${key}\\s*=`));
  const index = active >= 0 ? active : inSection(new RegExp(`^\\s*#\\s*${key}\\s*=`));
  const line = lines[index] ?? '';
  return { from, index, active: active >= 0, quoted: /=\s*"/.test(line), current: /=\s*"(.*)"\s*$/.exec(line)?.[1] };
}

function applyEdit(lines: string[], edit: TomlEdit): void {
  const { add, section, value } = edit;
  const found = find(lines, edit);
  const { active, from, index } = found;
  if (value === undefined) {
    if (active) lines[index] = `# ${lines[index]}`;
    return;
  }
  if (index >= 0) lines[index] = settingOf(edit, value, found);
  else if (add && from < 0) lines.splice(endOf(lines), 0, `[${section}]`, settingOf(edit, value, found));
  else if (add) lines.splice(from + 1, 0, settingOf(edit, value, found));
  else refuseUnknown(edit, found);
}

function overlaid(edit: TomlEdit, found: Found): string | undefined {
  const { add, key, value } = edit;
  const { active, index, quoted } = found;
  if (value === undefined) return active ? `${key} = ${quoted ? '""' : 'false'}` : undefined;
  if (index >= 0 || add) return settingOf(edit, value, found);
  return refuseUnknown(edit, found);
}

function settingOf({ key }: TomlEdit, value: NonNullable<TomlEdit['value']>, { current }: Found): string {
  return `${key} = ${literal(typeof value === 'function' ? value(current) : value)}`;
}

/** Throws where the file does not know a setting that it has to know. */
function refuseUnknown({ key, optional, section }: TomlEdit, { from }: Found): undefined {
  if (optional) return;
  if (from < 0) throw new HarnessError('toml', `no section [${section}] to set ${key} in`);
  throw new HarnessError('toml', `section [${section}] knows no ${key}`);
}

/** First and last line of a section: its header, and the header after it (or the end). */
function sectionBounds(lines: readonly string[], section: string): [number, number] {
  const from = lines.findIndex((line) => line.trim() === `[${section}]`);
  if (from < 0) return [-1, -1];
  const next = lines.findIndex((line, index) => index > from && /^\s*\[/.test(line));
  return [from, next < 0 ? lines.length : next];
}

/** Before the empty line that a file's last newline makes. */
function endOf(lines: readonly string[]): number {
  return lines.at(-1) === '' ? lines.length - 1 : lines.length;
}

function literal(value: TomlValue): string {
  return typeof value === 'object'
    ? `[${value.map((item) => JSON.stringify(item)).join(', ')}]`
    : JSON.stringify(value);
}
