import type { RunReport, Test } from '../model.ts';
import { scopeText } from '../run/scope.ts';
import { withCauses } from './causes.ts';
import { totalsLine } from './terminal.ts';

/** The report of a run as Markdown, for GitHub's step summary. */
export function renderMarkdown(report: RunReport): string {
  const mark = { passed: 'passed', failed: '**failed**', interrupted: '**interrupted**' }[report.outcome];
  return [
    `## Run ${mark}: ${totalsLine(report)}`,
    ...report.subjects.map(({ banner }) => `> ${cell(banner)}`),
    report.full ? '' : `Partial run: ${cell(scopeText(report.scope))}.`,
    section(
      'Verdicts',
      ['why'],
      report.verdicts.map((text) => [text]),
    ),
    section(
      'What ran because of what',
      ['file', 'why'],
      (report.watch ?? []).map(({ file, reasons }) => [file, reasons.join('; ')]),
    ),
    section(
      'Failures',
      ['what', 'tests', 'known'],
      report.failures.map(({ title, tests, knownIssue = '' }) => [title, tests.join('\n'), knownIssue]),
    ),
    section(
      'Errors outside tests',
      ['file', 'what'],
      report.errors.map((error) => [error.file ?? 'no file', withCauses(error)]),
    ),
    section(
      'Not run',
      ['tests', 'reason'],
      report.skips.map(({ count, reason }) => [String(count), reason]),
    ),
    section(
      'Changes',
      ['test', 'what'],
      [...report.changes.failing, ...report.changes.slow, ...report.changes.flaky].map(({ id, what }) => [id, what]),
    ),
    section(
      'By file',
      ['file', 'passed', 'failed', 'flaky', 'skipped'],
      [...new Set(report.tests.map(({ file }) => file))].sort().map((file) => [file, ...counts(file, report.tests)]),
    ),
    `API coverage: ${report.coverage.covered} of ${report.coverage.declared} declared methods called.`,
  ]
    .filter((part) => part !== '')
    .join('\n\n')
    .concat('\n');
}

/** GitHub workflow commands that annotate each failed test at the line that failed. */
export function renderAnnotations(report: RunReport): string {
  const failed = report.tests.filter(({ outcome }) => outcome === 'failed');
  const lines = failed.map((test) => {
    const { file, line } = placeOf(test);
    const message = test.failures.map(withCauses).join('\n');
    return `::error file=${property(file)},line=${line},title=${property(test.name)}::${data(message)}`;
  });
  const others = [...report.errors.map(withCauses), ...report.verdicts];
  return [...lines, ...others.map((message) => `::error::${data(message)}`)].map((line) => `${line}\n`).join('');
}

function placeOf({ failures, file }: Test): { file: string; line: number } {
  const [, where = file, at = 1] = /^(.+):(\d+):\d+$/.exec(failures[0]?.where ?? '') ?? [];
  return { file: where, line: Number(at) };
}

function counts(file: string, tests: readonly Test[]): string[] {
  const own = tests.filter((test) => test.file === file);
  return (['passed', 'failed', 'flaky', 'skipped'] as const).map((outcome) =>
    String(own.filter((test) => test.outcome === outcome).length),
  );
}

function section(title: string, head: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return '';
  const line = (cells: readonly string[]): string => `| ${cells.map(cell).join(' | ')} |`;
  return [`### ${title}`, '', line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** Escapes Markdown and HTML in the text of a table cell. */
function cell(text: string): string {
  return printable(text.length > LONGEST_CELL ? `${text.slice(0, LONGEST_CELL)}…` : text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll(/[\\`*_[\]|~$]/g, '\\$&')
    .replaceAll(/\r\n?|\n/g, '<br>');
}

/** Longest cell of the summary's tables, in characters: GitHub does not show a summary of more than 1 MiB. */
const LONGEST_CELL = 2_000;

/** Replaces unprintable characters of a text by the Unicode replacement character. */
function printable(text: string): string {
  return text.replaceAll(/(?![\t\r\n])[\p{Cc}\p{Cs}]/gu, '\u{FFFD}');
}

/** Longest message of an annotation, in characters: GitHub shows up to 64 KiB, and escaping can triple the length. */
const LONGEST_MESSAGE = 16_384;

/** Escapes the data of a GitHub workflow command. Source: actions/toolkit. */
function data(text: string): string {
  return printable(text.length > LONGEST_MESSAGE ? `${text.slice(0, LONGEST_MESSAGE)}…` : text)
    .replaceAll('%', '%25')
    .replaceAll('\r', '%0D')
    .replaceAll('\n', '%0A');
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
