import type { Failure, RunReport, Test } from '../model.ts';
import { scopeText } from '../run/scope.ts';
import { withCauses } from './causes.ts';
import { xmlAttributes, xmlText } from './xml.ts';

/** The report of a run as JUnit XML, as Jenkins and GitLab read it: one suite for each test file. */
export function renderJunit(report: RunReport, evidenceDir: string): string {
  const files = [
    ...new Set([...report.tests.map(({ file }) => file), ...report.errors.flatMap(({ file = '' }) => [file])]),
  ];
  const { totals } = report;
  const head = xmlAttributes({
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
  const head = xmlAttributes({
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
        `<testcase${xmlAttributes({ name: 'the file itself', classname: file, time: '0.000' })}>${problem('error', error)}</testcase>\n`,
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
    ...of.flatMap(({ runId, target, hypervisor, runtime, generation, agent, banner }): [string, string][] => [
      ['run', runId],
      ['target', target],
      ['hypervisor', hypervisor],
      ...(runtime === undefined ? [] : [['runtime', runtime] as [string, string]]),
      ['generation', generation],
      ['agent', `${agent.kind} ${agent.version}`],
      ['banner', banner],
    ]),
  ];
}

function testCase(test: Test, evidenceDir: string): string {
  const classname = [test.file, ...test.groups].join(' > ');
  const head = xmlAttributes({
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
  const outcome = test.outcome === 'skipped' ? `<skipped${xmlAttributes({ message: test.reason })}/>` : failed(test);
  // Attached files are named by the convention of Jenkins and GitLab.
  const attached =
    test.evidence === undefined
      ? ''
      : `<system-out>${xmlText(`[[ATTACHMENT|${evidenceDir}/${test.evidence}/evidence.json]]`)}</system-out>`;
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
  return `<${kind}${xmlAttributes({ message: first, type: code === undefined ? name : `${name}.${code}` })}>${xmlText(body)}</${kind}>`;
}

function properties(pairs: readonly (readonly [string, string])[]): string {
  if (pairs.length === 0) return '';
  const lines = pairs.map(([name, value]) => `<property${xmlAttributes({ name, value })}/>`);
  return `<properties>${lines.join('')}</properties>`;
}

function seconds(ms: number): string {
  return (ms / 1_000).toFixed(3);
}
