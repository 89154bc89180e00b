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

function applyEdit(lines: string[], edit: TomlEdit): void {
  const { add, key, optional, section, value } = edit;
  const [from, to] = sectionBounds(lines, section);
  const inSection = (pattern: RegExp): number =>
    from < 0 ? -1 : lines.findIndex((line, index) => index > from && index < to && pattern.test(line));
  const active = inSection(new RegExp(`^\\s*${key}\\s*=`));
  const index = active >= 0 ? active : inSection(new RegExp(`^\\s*#\\s*${key}\\s*=`));
  if (index < 0) {
    if (optional || value === undefined) return;
    if (add) {
      const setting = `${key} = ${literal(typeof value === 'function' ? value(undefined) : value)}`;
      if (from < 0) lines.splice(endOf(lines), 0, `[${section}]`, setting);
      else lines.splice(from + 1, 0, setting);
      return;
    }
    if (from < 0) throw new HarnessError('toml', `no section [${section}] to set ${key} in`);
    throw new HarnessError('toml', `section [${section}] knows no ${key}`);
  }
  const line = lines[index] ?? '';
  if (value === undefined) {
    if (active >= 0) lines[index] = `# ${line}`;
    return;
  }
  const current = /=\s*"(.*)"\s*$/.exec(line)?.[1];
  lines[index] = `${key} = ${literal(typeof value === 'function' ? value(current) : value)}`;
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
