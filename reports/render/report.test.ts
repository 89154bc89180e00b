import { readFile } from 'node:fs/promises';
import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';
import { validateXML } from 'xmllint-wasm';
import type { KnownIssue } from '../../helpers/contract/known-issue.ts';
import type { RunReport } from '../model.ts';
import { buildReport } from '../run/build.ts';
import { BEGUN, exampleFacts, exampleRun, exampleSources, exampleTest, REFUSAL } from '../run/example-run.ts';
import type { HistoryLine } from '../run/history.ts';
import type { ReportInput } from '../run/report-input.ts';
import { SCHEMA_FILE, schemaText } from '../schema.ts';
import { renderAnnotations, renderMarkdown } from './github.ts';
import { renderJunit } from './junit.ts';
import { renderTerminal, totalsLine } from './terminal.ts';

const FILES = { page: 'reports/out/index.html', evidence: 'reports/out/evidence' };

const build = (more: Partial<ReportInput> = {}): RunReport => buildReport(exampleSources(more)).report;

describe('totals and failures of a report', () => {
  test('a report counts each outcome, and an error outside tests as a failure', () => {
    const report = build();
    expect(report.totals).toEqual({ passed: 1, failed: 2, flaky: 1, skipped: 1 });
    expect(report.outcome).toBe('failed');
    expect(totalsLine(report)).toBe('2 passed, 2 failed, 1 skipped');
  });

  test('a report groups failures that differ only in ids', () => {
    const failures = (message: string): RunReport['failures'] =>
      build({
        collected: exampleRun({
          tests: ['guest-1-2 has no x', message].map((text, index) =>
            exampleTest(`test ${index}`, { outcome: 'failed', failures: [{ ...REFUSAL, message: text }] }),
          ),
        }),
      }).failures;
    expect(failures('guest-7-9 has no x')).toHaveLength(1);
    expect(failures('guest-7-9 has no y')).toHaveLength(2);
  });
});

test('only the reports of pnpm kata watch say why a spec file ran', () => {
  const watch = [{ file: 'suites/a.spec.ts', reasons: ['saved', 'failed in the last run'] }];
  const watched = build({ collected: exampleRun({ facts: [exampleFacts({ watch })] }) });
  expect(watched.watch).toEqual(watch);
  expect(renderMarkdown(watched)).toContain('| suites/a.spec.ts | saved; failed in the last run |');
  expect(build()).not.toHaveProperty('watch');
  expect(renderMarkdown(build())).not.toContain('because of what');
});

describe('reasons for which a full run fails', () => {
  const passing = exampleRun({ tests: [exampleTest('one')], errors: [] });
  /** Input of a partial run: one spec file exists that was not run. */
  const partial = { whole: { specFiles: ['suites/image/signatures.spec.ts', 'suites/other.spec.ts'], reducedBy: [] } };
  const issue: KnownIssue = {
    test: 'suites/',
    targets: ['local'],
    issue: 'https://example.test/1',
    expires: '2026-03-03',
    why: 'because of the test',
  };

  test('a full run whose tests pass has no reason to fail', () => {
    expect(build({ collected: passing })).toMatchObject({ outcome: 'passed', verdicts: [] });
  });

  test.for([
    ['KATA_MUTE', 'muted', 'the client was muted'],
    ['KATA_MUTANT', 'mutant', 'a fault was built in'],
  ] as const)(
    'a run with %s fails although its tests pass, every report says why, and it is compared with no other run',
    ([setting, fact, reason]) => {
      const { line } = buildReport(exampleSources({ collected: passing }));
      const facts = [exampleFacts({ [fact]: 'Pause', banner: 'This run is falsified.' })];
      const report = build({ collected: { ...passing, facts }, history: [line] });
      const verdict = `${reason} (${setting}=Pause): this run proves nothing about Kata`;
      expect(report).toMatchObject({ outcome: 'failed', verdicts: [verdict], subjects: [{ [fact]: 'Pause' }] });
      expect(renderTerminal(report, FILES)).toContain(`RED      ${verdict}`);
      for (const text of [renderMarkdown(report), renderJunit(report, 'evidence')])
        expect(text).toContain('This run is falsified.');
      expect(renderAnnotations(report)).toContain(`::error::${verdict}`);
      expect(report.trend.map(({ subject }) => subject)).toEqual([`local · skopeo · stand-in · ${fact} Pause`]);
      expect(report.matrix).toHaveLength(2);
    },
  );

  test('an expired known issue fails a full run, and is a warning in a partial run', () => {
    const report = build({ collected: passing, knownIssues: [issue] });
    expect(report.outcome).toBe('failed');
    expect(report.verdicts).toEqual(['known issue https://example.test/1 of "suites/" expired on 2026-03-03']);
    expect(build({ collected: passing, ...partial, knownIssues: [issue] })).toMatchObject({
      outcome: 'passed',
      verdicts: [],
      warnings: ['known issue https://example.test/1 of "suites/" expired on 2026-03-03'],
    });
    expect(build({ collected: passing, knownIssues: [{ ...issue, expires: '2026-03-04' }] }).outcome).toBe('passed');
  });

  test('a containerd older than the minimum that Kata declares is a warning, also of merged shards, and passes', () => {
    const containerd = { program: 'containerd', version: '1.6.20', declared: { minimum: 'v1.7', latest: 'v2.3' } };
    const facts = [exampleFacts({ versions: [containerd, { program: 'runc', version: '1.1.5' }] })];
    const report = build({ collected: exampleRun({ ...passing, facts: [...facts, ...facts] }) });
    expect(report.warnings).toEqual([
      'containerd 1.6.20 is older than v1.7, the minimum that versions.yaml of this Kata declares',
    ]);
    expect(report.outcome).toBe('passed');
    expect(report.subjects[0]?.versions).toEqual([containerd, { program: 'runc', version: '1.1.5' }]);
    const later = [exampleFacts({ versions: [{ ...containerd, version: '1.7.0' }] })];
    expect(build({ collected: exampleRun({ ...passing, facts: later }) }).warnings).toEqual([]);
  });

  test('a flaky test fails a full run unless a known issue matches it', () => {
    const collected = exampleRun({ tests: [exampleTest('one', { outcome: 'flaky', retries: 1 })], errors: [] });
    expect(build({ collected }).verdicts).toEqual([expect.stringMatching(/^flaky without a known issue .* > one$/)]);
    const known = build({ collected, knownIssues: [{ ...issue, expires: '2030-01-01' }] });
    expect(known).toMatchObject({ outcome: 'passed', verdicts: [], tests: [{ knownIssue: issue.issue }] });
  });

  test('a flaky test whose message differs from the message of the known issue fails a full run', () => {
    const failures = [{ ...REFUSAL, message: 'the guest ended while it pulled an image: unavailable' }];
    const collected = exampleRun({
      tests: [exampleTest('one', { outcome: 'flaky', retries: 1, failures })],
      errors: [],
    });
    const knowing = (message: string): RunReport =>
      build({ collected, knownIssues: [{ ...issue, expires: '2030-01-01', message }] });
    expect(knowing('^the guest ended while it pulled')).toMatchObject({ outcome: 'passed', verdicts: [] });
    expect(knowing('^the agent ended')).toMatchObject({ outcome: 'failed', tests: [{ outcome: 'flaky' }] });
  });

  test('with KATA_COVERAGE_GATE a full run fails for a declared RPC method with neither a spec nor an entry in uncovered.json', () => {
    expect(build({ collected: passing, coverageGate: true }).verdicts).toEqual([
      'grpc.AgentService/GetFoo has neither a spec nor an entry in suites/uncovered.json',
      'grpc.Health/Check has neither a spec nor an entry in suites/uncovered.json',
    ]);
    const everywhere = { 'grpc.AgentService/GetFoo': 'no agent has it', 'grpc.Health/Check': 'everything calls it' };
    expect(build({ collected: passing, coverageGate: true, excuses: { everywhere } }).outcome).toBe('passed');
    expect(build({ collected: passing, ...partial, coverageGate: true })).toMatchObject({
      outcome: 'passed',
      warnings: ['KATA_COVERAGE_GATE applies to full runs only; this run was partial'],
    });
  });
});

describe('API coverage', () => {
  test('API coverage lists callers, statuses and latency of each RPC method, and stale and missing entries of uncovered.json', () => {
    const { coverage } = build({ excuses: { everywhere: { 'grpc.Image/PullImage': 'pulled in no spec' } } });
    expect(coverage).toMatchObject({ declared: 3, covered: 2, missing: ['grpc.AgentService/GetFoo'] });
    expect(coverage.stale).toEqual(['grpc.Image/PullImage']);
    const local = { 'grpc.Image/PullImage': 'it cannot be called', 'grpc.AgentService/GetFoo': 'nor this' };
    const { missing, stale } = build({ excuses: { local } }).coverage;
    expect({ missing, stale }).toEqual({ missing: [], stale: [] });
    expect(build({ excuses: { vm: local } }).coverage.missing).toEqual(['grpc.AgentService/GetFoo']);
    expect(coverage.methods.find(({ method }) => method === 'grpc.Health/Check')).toEqual({
      method: 'grpc.Health/Check',
      declared: true,
      tests: 1,
      outcomes: [{ status: 'ok', count: 2 }],
      latency: { p50: 0.5, p95: 0.7, max: 0.7 },
      fields: { declared: 0, excused: 0, set: 0, proved: 0, unproved: [], unset: [] },
    });
  });
});

describe('time budgets of a run', () => {
  test('time budgets of a report are multiples of the run’s own pull of a small image', () => {
    expect(build().budgets).toEqual([
      expect.objectContaining({ name: 'pull docker.io/library/large:100mb', ms: 5_000, ratio: 50 }),
      expect.objectContaining({ name: 'boot', ms: 150, ratio: 1.5 }),
    ]);
    expect(build({ collected: exampleRun({ timings: [{ name: 'boot', ms: 1 }] }) }).budgets).toEqual([]);
  });
});

describe('comparison with earlier runs', () => {
  const earlier = (outcome: 'passed' | 'failed', ms: number, times = 1): HistoryLine[] => {
    const collected = exampleRun({
      tests: [exampleTest('one', { outcome, durationMs: ms }), exampleTest('two'), exampleTest('three')],
    });
    return Array.from({ length: times }, () => buildReport(exampleSources({ collected })).line);
  };
  const now = (outcome: 'passed' | 'failed', durationMs: number, history: HistoryLine[]): RunReport => {
    const collected = exampleRun({
      tests: [exampleTest('one', { outcome, durationMs }), exampleTest('two'), exampleTest('three')],
    });
    return build({ collected, history });
  };

  test('a report marks a failed test as newly failing if it passed in the last run that had it', () => {
    expect(now('failed', 100, earlier('passed', 100)).changes.failing).toHaveLength(1);
    expect(now('failed', 100, earlier('failed', 100)).changes.failing).toEqual([]);
    expect(now('failed', 100, []).changes.failing).toEqual([]);
  });

  test('a report marks a test as newly slow if its share of the run doubles, given five earlier runs', () => {
    expect(now('passed', 2_000, earlier('passed', 400, 5)).changes.slow).toEqual([
      { id: expect.stringMatching(/ > one$/), what: '2000 ms instead of 400 ms' },
    ]);
    expect(now('passed', 2_000, earlier('passed', 400, 4)).changes.slow).toEqual([]);
    expect(now('passed', 500, earlier('passed', 400, 5)).changes.slow).toEqual([]);
  });

  test('a report lists for a failure the number and the first of the earlier runs that had it', () => {
    const failing = exampleRun({ tests: [exampleTest('one', { outcome: 'failed', failures: [REFUSAL] })] });
    const { line } = buildReport(exampleSources({ collected: failing }));
    const [group] = build({ collected: failing, history: [line, ...earlier('passed', 1), line] }).failures;
    expect(group?.earlier).toEqual({ runs: 2, since: BEGUN, commit: '0123456789' });
    expect(build({ collected: failing }).failures[0]?.earlier).toBeUndefined();
  });

  test("a report's trend contains runs of the same target and agent, and its matrix those of all", () => {
    const [line] = earlier('passed', 100) as [HistoryLine];
    const report = now('passed', 100, [line, { ...line, subject: 'vm · qemu · skopeo · kata-agent', at: 5 }]);
    expect(report.trend).toHaveLength(2);
    expect(report.matrix.map(({ subject }) => subject)).toEqual([
      'local · skopeo · stand-in',
      'vm · qemu · skopeo · kata-agent',
    ]);
  });
});

describe('report.json', () => {
  test('report.json conforms to its published schema', async () => {
    const validate = new Ajv({ allErrors: true, strict: true }).compile(
      JSON.parse(await readFile(SCHEMA_FILE, 'utf8')),
    );
    const report = JSON.parse(
      JSON.stringify(build({ tables: [{ title: 't', columns: ['a'], rows: [[1]], notes: [] }] })),
    );
    validate(report);
    expect(validate.errors).toBeNull();
    expect(validate({ ...report, more: 1 })).toBe(false);
    expect(validate({ ...report, outcome: 'good' })).toBe(false);
  });

  test('schema.json matches the types of the report; run pnpm kata schema if not', async () => {
    expect(await readFile(SCHEMA_FILE, 'utf8')).toBe(schemaText());
  });
});

describe('junit.xml', () => {
  const validate = async (xml: string): Promise<{ valid: boolean; said: string }> => {
    const schema = await readFile(new URL('./junit.xsd', import.meta.url), 'utf8');
    const { valid, errors } = await validateXML({ xml, schema });
    return { valid, said: errors.map(({ message }) => message).join('\n') };
  };

  test('junit.xml conforms to the JUnit schema', async () => {
    const xml = renderJunit(build(), '/reports/evidence');
    expect(await validate(xml)).toEqual({ valid: true, said: '' });
    expect((await validate(xml.replace('time="0.420"', 'time="soon"'))).valid).toBe(false);
  });

  test('junit.xml contains totals, the name of the failed test, properties, the skip reason, and the evidence as attachment', () => {
    const xml = renderJunit(build(), '/reports/evidence');
    expect(xml).toContain('<testsuites name="kata-cc-suite" tests="5" failures="1" errors="1" skipped="1"');
    expect(xml).toContain('name="an unsigned image &lt;of &amp; &quot;alice&quot;&gt; is rejected"');
    expect(xml).toContain('<property name="generation" value="skopeo"/>');
    expect(xml).toContain('[[ATTACHMENT|/reports/evidence/abc123-1_2/evidence.json]]');
    expect(xml).toContain('<skipped message="PULL_IMAGE is not set"/>');
  });
});

describe('hostile test names and output', () => {
  const ODD = 'a\u0000\u001b[31m\u0085\ud800\ufffe|`*]]>&"\'<b>\t\r\n::error::9 passed, 0 failed, 0 skipped\u2028%0A';
  const odd = exampleRun({
    tests: [
      exampleTest(ODD, {
        groups: [ODD],
        tags: [ODD],
        outcome: 'failed',
        failures: [{ ...REFUSAL, message: ODD, diff: ODD }],
      }),
      exampleTest(`${ODD}2`, { outcome: 'skipped', reason: ODD, file: ODD }),
    ],
    errors: [{ name: ODD, message: ODD, stack: [ODD], file: ODD }],
  });
  const report = build({ collected: odd });

  test('junit.xml is valid, and unchanged but for characters XML cannot represent, for hostile names and output', async () => {
    const xml = renderJunit(report, ODD);
    const schema = await readFile(new URL('./junit.xsd', import.meta.url), 'utf8');
    expect((await validateXML({ xml, schema })).errors).toEqual([]);
    expect(xml).toContain(
      'name="a\ufffd\ufffd[31m\u0085\ufffd\ufffd|`*]]&gt;&amp;&quot;\'&lt;b&gt;&#9;&#13;&#10;::error::',
    );
  });

  test('each GitHub annotation is one command on one line of bounded length, for hostile names and output', () => {
    const lines = renderAnnotations(report)
      .trimEnd()
      .split(/[\r\n]+/);
    expect(lines).toHaveLength(2 + report.verdicts.length);
    for (const line of lines) expect(line).toMatch(/^::error[^:]*::/);
    expect(lines[0]).toContain('%0D%0A::error::9 passed');
    expect(lines[0]).toContain('%250A');
    const long = build({ collected: exampleRun({ errors: [{ name: 'E', message: 'x'.repeat(1e6), stack: [] }] }) });
    expect(
      Math.max(
        ...renderAnnotations(long)
          .split('\n')
          .map((line) => line.length),
      ),
    ).toBeLessThan(20_000);
  });

  test('each row of the Markdown summary stays one row, for hostile names and output', () => {
    const rows = renderMarkdown(report)
      .split('\n')
      .filter((line) => line.startsWith('|'));
    const cells = (row: string): number => row.replaceAll(/\\./g, '').split('|').length;
    expect(rows.filter((row) => !row.endsWith('|'))).toEqual([]);
    expect(renderMarkdown(report)).not.toMatch(/<b>|(?![\n\t])\p{Cc}/u);
    for (const row of rows.slice(0, 6)) expect([3, 4, 5], row).toContain(cells(row));
  });

  test('the terminal summary has one totals line and no control characters, for hostile names and output', () => {
    const text = renderTerminal(report, FILES);
    expect(text.split('\n').filter((line) => /^\d+ passed, \d+ failed, \d+ skipped$/.test(line))).toHaveLength(1);
    expect(text).not.toMatch(/(?![\n\t])\p{Cc}/u);
  });
});

describe('GitHub annotations and summary', () => {
  test('a GitHub annotation has the file and line of the failure, and is escaped', () => {
    expect(renderAnnotations(build())).toContain(
      '::error file=suites/image/signatures.spec.ts,line=33,title=an unsigned image <of & "alice"> is rejected::' +
        "expected { status: 'ok' } to match object { status: 'internal' }%0Amore of it\n",
    );
  });

  test('the Markdown summary escapes names and reasons of tests', () => {
    const markdown = renderMarkdown(build());
    expect(markdown).toContain('## Run **failed**: 2 passed, 2 failed, 1 skipped');
    expect(markdown).toContain('| 1 | PULL\\_IMAGE is not set |');
    expect(markdown).toContain('an unsigned image &lt;of &amp; "alice"> is rejected');
  });
});

test('the terminal summary lists skips, evidence, API coverage and exceeded budgets, and the totals last', () => {
  const lines = renderTerminal(build(), FILES).split('\n');
  expect(lines.at(-1)).toBe('2 passed, 2 failed, 1 skipped');
  expect(lines).toContain('skipped 1: PULL_IMAGE is not set');
  expect(lines).toContain('           evidence: reports/out/evidence/abc123-1_2');
  const api = 'API: 2 of 3 declared methods called';
  expect(lines).toContain(`${api}; without a spec or an entry in suites/uncovered.json: 1 (AgentService/GetFoo)`);
  // A partial run lists no uncalled methods: the rest of the suites may call them.
  expect(renderTerminal({ ...build(), full: false }, FILES).split('\n')).toContain(api);
  expect(lines.find((line) => line.startsWith('over budget'))).toContain('50 x the baseline; its budget is 40 x');
  expect(lines.length).toBeLessThan(30);
});
