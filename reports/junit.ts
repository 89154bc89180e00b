import { withCauses } from './causes.ts';
import type { Failure, RunReport, Test } from './model.ts';
import { scopeText } from './scope.ts';

/** The report of a run as JUnit XML, as Jenkins and GitLab read it: one suite for each test file. */
export function renderJunit(report: RunReport, evidenceDir: string): string {
  const files = [
    ...new Set([...report.tests.map(({ file }) => file), ...report.errors.flatMap(({ file = '' }) => [file])]),
  ];
  const { totals } = report;
  const head = attributes({
    name: 'kata-cc-suite',
    tests: report.tests.length + report.errors.length,
    failures: report.tests.filter(({ outcome }) => outcome === 'failed').length,
    errors: report.errors.length,
    skipped: totals.skipped,
    time: seconds(report.durationMs),
  });
  const suites = files.sort().map((file) => suite(file, report, evidenceDir));
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites${head}>\n${suites.join('')}</testsuites>\n`;
}

function suite(file: string, report: RunReport, evidenceDir: string): string {
  const tests = report.tests.filter((test) => test.file === file);
  const errors = report.errors.filter((error) => (error.file ?? '') === file);
  const [first] = tests.flatMap(({ startedAt }) => (startedAt === undefined ? [] : [startedAt])).sort((a, b) => a - b);
  const head = attributes({
    name: file === '' ? 'no file' : file,
    tests: tests.length + errors.length,
    failures: tests.filter(({ outcome }) => outcome === 'failed').length,
    errors: errors.length,
    skipped: tests.filter(({ outcome }) => outcome === 'skipped').length,
    time: seconds(tests.reduce((sum, { durationMs }) => sum + durationMs, 0)),
    timestamp: new Date(first ?? report.startedAt).toISOString().slice(0, 19),
  });
  const cases = [
    ...tests.map((test) => testCase(test, evidenceDir)),
    ...errors.map(
      (error) =>
        `<testcase${attributes({ name: 'the file itself', classname: file, time: '0.000' })}>${problem('error', error)}</testcase>\n`,
    ),
  ];
  return `<testsuite${head}>\n${properties(suiteProperties(tests, report))}${cases.join('')}</testsuite>\n`;
}

/** Properties of the subject under test, and the version of kata-cc-suite. */
function suiteProperties(tests: readonly Test[], { full, scope, subjects, suite: own }: RunReport): [string, string][] {
  const ids = new Set(tests.map(({ runId }) => runId));
  const of = subjects.filter(({ runId }) => ids.has(runId));
  return [
    ['commit', own.commit],
    ['scope', full ? 'full' : scopeText(scope)],
    ...of.flatMap(({ runId, target, hypervisor, generation, agent, banner }): [string, string][] => [
      ['run', runId],
      ['target', target],
      ['hypervisor', hypervisor],
      ['generation', generation],
      ['agent', `${agent.kind} ${agent.version}`],
      ['banner', banner],
    ]),
  ];
}

function testCase(test: Test, evidenceDir: string): string {
  const classname = [test.file, ...test.groups].join(' > ');
  const head = attributes({
    name: test.name,
    classname,
    time: seconds(test.durationMs),
    file: test.file,
  });
  const details: [string, string][] = [
    ...test.tags.map((tag): [string, string] => ['tag', tag]),
    ...(test.fingerprint === undefined ? [] : ([['fingerprint', test.fingerprint]] as [string, string][])),
    ...(test.knownIssue === undefined ? [] : ([['known-issue', test.knownIssue]] as [string, string][])),
    ...(test.outcome === 'flaky' ? ([['flaky', `passed after ${test.retries} retries`]] as [string, string][]) : []),
  ];
  const outcome = test.outcome === 'skipped' ? `<skipped${attributes({ message: test.reason })}/>` : failed(test);
  // Attached files are named by the convention of Jenkins and GitLab.
  const attached =
    test.evidence === undefined
      ? ''
      : `<system-out>${text(`[[ATTACHMENT|${evidenceDir}/${test.evidence}/evidence.json]]`)}</system-out>`;
  return `<testcase${head}>${properties(details)}${outcome}${attached}</testcase>\n`;
}

function failed({ outcome, failures }: Test): string {
  return outcome === 'failed' ? failures.map((failure) => problem('failure', failure)).join('') : '';
}

function problem(kind: 'failure' | 'error', failure: Failure): string {
  const { name, code, message, diff, stack } = failure;
  const [first = ''] = message.split('\n');
  const body = [
    withCauses(failure),
    ...(diff === undefined ? [] : [diff]),
    ...stack.map((frame) => `    at ${frame}`),
  ].join('\n');
  return `<${kind}${attributes({ message: first, type: code === undefined ? name : `${name}.${code}` })}>${text(body)}</${kind}>`;
}

function properties(pairs: readonly (readonly [string, string])[]): string {
  if (pairs.length === 0) return '';
  const lines = pairs.map(([name, value]) => `<property${attributes({ name, value })}/>`);
  return `<properties>${lines.join('')}</properties>`;
}

function attributes(pairs: Readonly<Record<string, string | number | undefined>>): string {
  return Object.entries(pairs)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => ` ${name}="${quoted(text(String(value)))}"`)
    .join('');
}

/** Escapes characters that would end an XML attribute, or that a parser normalises to a blank. */
function quoted(value: string): string {
  return value.replaceAll('"', '&quot;').replaceAll('\n', '&#10;').replaceAll('\t', '&#9;');
}

/** Escapes text for XML; characters that XML 1.0 cannot represent become the replacement character. */
function text(value: string): string {
  return value
    .replaceAll(/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, '\u{FFFD}')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('\r', '&#13;');
}

function seconds(ms: number): string {
  return (ms / 1_000).toFixed(3);
}
