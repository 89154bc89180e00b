import type { RunReport, Test } from '../model.ts';
import { scopeText } from '../run/scope.ts';
import { inOneLine } from './causes.ts';

/** Number of slowest steps and tests that the terminal summary lists. */
const SLOWEST = 5;

/** The summary of a run for a terminal; the last line has the totals, for users and scripts. */
export function renderTerminal(report: RunReport, files: { readonly page: string; readonly evidence: string }): string {
  const sections = [
    groups(report),
    failures(report, files.evidence),
    skips(report),
    changes(report),
    slowest(report),
    budgets(report),
    coverage(report),
    subjects(report),
    report.full ? [] : [`partial  ${scopeText(report.scope)}`],
    [...report.verdicts.map((text) => `RED      ${text}`), ...report.warnings.map((text) => `warning  ${text}`)],
    [`report   ${files.page}`],
    [totalsLine(report)],
  ];
  return sections.flat().map(harmless).join('\n');
}

/**
 * Escapes line ends and control characters in a line, so that the name of a test cannot look like a line of the
 * summary.
 */
function harmless(line: string): string {
  return line.replaceAll(/[\p{Cc}\u2028\u2029]/gu, (character) => {
    const code = character.charCodeAt(0).toString(16);
    return character === '\n' ? '\\n' : `\\u${code.padStart(4, '0')}`;
  });
}

/**
 * The last line of the terminal summary, `N passed, N failed, N skipped`; a flaky test counts as passed, and is listed
 * above.
 */
export function totalsLine({ totals: { passed, failed, flaky, skipped } }: RunReport): string {
  return `${passed + flaky} passed, ${failed} failed, ${skipped} skipped`;
}

function subjects({ subjects: all }: RunReport): string[] {
  return [...new Set(all.map(({ banner }) => banner))];
}

/** One line for each test file: number of tests with each outcome, and duration. */
function groups({ tests }: RunReport): string[] {
  const files = [...new Set(tests.map(({ file }) => file))].sort();
  const width = Math.max(0, ...files.map((file) => file.length));
  return files.map((file) => {
    const own = tests.filter((test) => test.file === file);
    const counts = (['passed', 'failed', 'flaky', 'skipped'] as const)
      .map((outcome) => [own.filter((test) => test.outcome === outcome).length, outcome] as const)
      .filter(([count]) => count > 0)
      .map(([count, outcome]) => `${count} ${outcome}`);
    return `${file.padEnd(width)}  ${seconds(sum(own))}  ${counts.join(', ')}`;
  });
}

function failures({ failures: groupsOfFailures, errors, tests }: RunReport, evidence: string): string[] {
  const byId = new Map(tests.map((test) => [test.id, test]));
  const known = groupsOfFailures.flatMap(({ earlier, fingerprint, knownIssue, tests: ids, title }) => [
    `FAILED   ${title} [${fingerprint}]${knownIssue === undefined ? '' : ` known: ${knownIssue}`}`,
    ...(earlier === undefined ? [] : [`         seen in ${earlier.runs} earlier runs, first at ${earlier.commit}`]),
    ...ids.flatMap((id) => [`         ${id}`, ...evidenceOf(byId.get(id), evidence)]),
  ]);
  return [
    ...known,
    ...tests.filter(({ outcome }) => outcome === 'flaky').flatMap((test) => flake(test, evidence)),
    ...errors.map((error) => `ERROR    ${error.file ?? 'no file'}: ${inOneLine(error)}`),
  ];
}

/** Lines about a flaky test, which passed after a retry. */
function flake(test: Test, evidence: string): string[] {
  const { fingerprint = '', id, knownIssue } = test;
  const known = knownIssue === undefined ? '' : ` known: ${knownIssue}`;
  return [`FLAKY    passed after a retry [${fingerprint}]${known}`, `         ${id}`, ...evidenceOf(test, evidence)];
}

function evidenceOf(test: Test | undefined, directory: string): string[] {
  return test?.evidence === undefined ? [] : [`           evidence: ${directory}/${test.evidence}`];
}

function skips({ skips: all }: RunReport): string[] {
  return all.map(({ count, reason }) => `skipped ${count}: ${reason}`);
}

function changes({ changes: { failing, slow } }: RunReport): string[] {
  return [
    ...failing.map(({ id }) => `newly failing: ${id}`),
    ...slow.map(({ id, what }) => `newly slow: ${id} (${what})`),
  ];
}

function slowest({ tests, subjects: all }: RunReport): string[] {
  const steps = all.flatMap(({ setup }) =>
    setup.map(({ title, durationMs }) => ({ what: `set-up: ${title}`, durationMs })),
  );
  const ran = tests.map(({ name, durationMs }) => ({ what: name, durationMs }));
  const top = [...steps, ...ran].sort((a, b) => b.durationMs - a.durationMs).slice(0, SLOWEST);
  return all.length === 0
    ? []
    : ['slowest:', ...top.map(({ what, durationMs }) => `  ${seconds(durationMs)}  ${what}`)];
}

function budgets({ budgets: all }: RunReport): string[] {
  return all
    .filter(({ limit, ratio }) => ratio > limit)
    .map(
      ({ limit, ms, name, ratio }) =>
        `over budget: ${name} took ${ms} ms, ${ratio} x the baseline; its budget is ${limit} x`,
    );
}

function coverage({ coverage: { covered, declared, methods, missing }, full, subjects: all }: RunReport): string[] {
  if (all.length === 0) return [];
  const measured = methods.filter(({ effect }) => effect !== undefined);
  const proved = measured.filter(({ effect }) => effect?.provedBy !== undefined).length;
  const effects = measured.length === 0 ? '' : `; effects proved of ${proved} of ${measured.length} measured`;
  const line = `API: ${covered} of ${declared} declared methods called${effects}`;
  // A partial run lists no uncalled methods: a method may have its spec in the rest of the suites.
  if (!full || missing.length === 0) return [line];
  return [`${line}; without a spec or an entry in suites/uncovered.json: ${missing.length} (${short(missing)})`];
}

function short(methods: readonly string[]): string {
  const names = methods.map((method) => method.slice(method.lastIndexOf('.') + 1));
  return names.length <= 6 ? names.join(', ') : `${names.slice(0, 6).join(', ')}, …`;
}

function sum(tests: readonly Test[]): number {
  return tests.reduce((total, { durationMs }) => total + durationMs, 0);
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1).padStart(6)} s`;
}
