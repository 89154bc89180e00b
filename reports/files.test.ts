import { appendFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { transform } from 'esbuild';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { EvidenceBundle } from '../helpers/contract/evidence.ts';
import { messageOf } from '../helpers/errors.ts';
import { renderPage } from './page.ts';
import { buildReport } from './run/build.ts';
import { BEGUN, exampleFacts, exampleRun, exampleSources, exampleTest } from './run/example-run.ts';
import { appendHistory, type HistoryLine, readHistory } from './run/history.ts';
import { readExcuses, readKnownIssues } from './run/known-issues.ts';
import { differences } from './run/same-run.ts';
import { readTables } from './tables.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'kata-cc-reports-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

async function written(text: string): Promise<string> {
  const file = join(directory, 'list.json');
  await writeFile(file, text);
  return file;
}

describe('history of runs', () => {
  const line = (runId: string): HistoryLine => ({
    runId,
    at: 1,
    commit: 'c',
    subject: 's',
    full: true,
    passed: 1,
    failed: 0,
    flaky: 0,
    skipped: 0,
    durationMs: 1,
    budgets: {},
    tests: { a: ['passed', 5] },
    fingerprints: [],
  });

  test('the history of runs is empty at first, and then contains the appended runs, oldest first', async () => {
    const place = join(directory, 'not', 'there', 'yet');
    expect(await readHistory(place)).toEqual({ lines: [], warnings: [] });
    await expect(readHistory('/dev/null')).rejects.toThrow('/dev/null/runs.jsonl cannot be read: ENOTDIR');
    await appendHistory(place, line('one'));
    await appendHistory(place, line('two'));
    expect((await readHistory(place)).lines.map(({ runId }) => runId)).toEqual(['one', 'two']);
  });

  test('runs of runtime-rs are compared with each other, those of the Go runtime with runs before there were two', () => {
    const subjectOf = (runtime?: 'go' | 'rs'): string => {
      const facts = [
        exampleFacts({ target: 'kata', hypervisor: 'qemu', ...(runtime === undefined ? {} : { runtime }) }),
      ];
      return buildReport(exampleSources({ collected: exampleRun({ facts }) })).line.subject;
    };
    expect(subjectOf('go')).toBe(subjectOf());
    expect(subjectOf('rs')).toBe('kata · qemu · runtime-rs · skopeo · stand-in');
  });

  test('readHistory leaves out a line that a kill truncated, with a warning, and keeps the next line', async () => {
    await appendHistory(directory, line('one'));
    await appendFile(join(directory, 'runs.jsonl'), '{"runId":"two","at"');
    const warnings = [expect.stringMatching(/runs\.jsonl: 1 of \d lines are damaged and left out$/)];
    expect(await readHistory(directory)).toEqual({ lines: [line('one')], warnings });
    await appendHistory(directory, line('three'));
    expect(await readHistory(directory)).toEqual({ lines: [line('one'), line('three')], warnings });
  });

  test.for([
    'null',
    '5',
    '[]',
    '{}',
    '\u0000\u0000',
    JSON.stringify({ ...line('x'), tests: { a: ['good', 5] } }),
    JSON.stringify({ ...line('x'), at: 'today' }),
    JSON.stringify({ ...line('x'), fingerprints: 1 }),
  ])('readHistory leaves out the invalid line %s', async (damaged) => {
    await writeFile(join(directory, 'runs.jsonl'), `${damaged}\n${JSON.stringify(line('one'))}\n`);
    expect(await readHistory(directory)).toMatchObject({
      lines: [line('one')],
      warnings: [expect.stringContaining('1 of 2 lines')],
    });
  });

  test('readHistory reads only the end of a large history file', async () => {
    const long = { ...line('long'), tests: { ['x'.repeat(5 * 2 ** 20)]: ['passed', 1] } as HistoryLine['tests'] };
    await appendHistory(directory, long);
    await appendHistory(directory, long);
    await appendHistory(directory, line('last'));
    expect((await readHistory(directory)).lines.map(({ runId }) => runId)).toEqual(['long', 'last']);
  });
});

describe('known-issues.json and uncovered.json', () => {
  const good = {
    test: 'suites/a.spec.ts',
    targets: ['kata'],
    issue: 'https://x',
    expires: '2026-01-01',
    why: 'long enough',
  };
  const { targets: _, ...nowhere } = good;
  const { why: __, ...unexplained } = good;

  test.for([
    [{ ...good, issue: 'x' }, /list\.json\/0\/issue: Expected string to match/],
    [{ ...good, expires: 'soon' }, /list\.json\/0\/expires: .*, not "soon"$/],
    [{ ...good, expires: '2026-02-30' }, /list\.json\/0\/expires: "2026-02-30" is not a date$/],
    [{ ...good, retries: 1 }, /list\.json\/0\/retries: needs a message/],
    [{ ...good, message: '(the guest|).*', retries: 1 }, /list\.json\/0\/message: .* matches any failure$/],
    [
      { ...good, message: 'the guest (ended' },
      /list\.json\/0\/message: expected a regular expression: .*Unterminated group/,
    ],
    [
      { ...good, message: 'the guest ended', retries: 9 },
      /list\.json\/0\/retries: Expected integer to be less or equal to 2, not 9$/,
    ],
    [nowhere, /list\.json\/0\/targets: Expected required property/],
    [{ ...good, targets: [] }, /list\.json\/0\/targets: Expected array length to be greater or equal to 1/],
    [{ ...good, targets: ['vms'] }, /list\.json\/0\/targets\/0: expected one of "local", "vm", "kata", not "vms"$/],
    [{ ...good, generations: ['main'] }, /list\.json\/0\/generations\/0: expected one of "skopeo", .*, not "main"$/],
    [{ ...good, releases: 'since 3.8' }, /list\.json\/0\/releases: expected a range of versions .*, not "since 3\.8"$/],
    [{ ...good, test: 'a test' }, /list\.json\/0\/test: Expected string to match '\^suites\/', not "a test"$/],
    [{ ...good, target: 'vm' }, /list\.json\/0\/target: Unexpected property/],
    [unexplained, /list\.json\/0\/why: Expected required property/],
  ] as const)('readKnownIssues rejects %j and names the field', async ([entry, problem]) => {
    await expect(readKnownIssues(await written(JSON.stringify([entry])))).rejects.toThrow(problem);
  });

  test('readKnownIssues names the invalid entry of two, and rejects invalid JSON', async () => {
    await expect(readKnownIssues(await written(JSON.stringify([good, nowhere])))).rejects.toThrow(/\/1\/targets/);
    await expect(readKnownIssues(await written('['))).rejects.toThrow(/list\.json: .*JSON/);
  });

  test('readExcuses rejects an entry of uncovered.json with a short reason, an unknown target, or a method without service', async () => {
    await expect(readExcuses(await written('{"local":{"grpc.Image/PullImage":""}}'))).rejects.toThrow(
      /PullImage: .*length/,
    );
    await expect(readExcuses(await written('{"nowhere":{}}'))).rejects.toThrow(/nowhere/);
    await expect(readExcuses(await written('{"everywhere":{"PullImage":"there is a good reason"}}'))).rejects.toThrow(
      /PullImage/,
    );
  });

  test('suites/known-issues.json and suites/uncovered.json are valid', async () => {
    const suites = fileURLToPath(new URL('../suites/', import.meta.url));
    await readKnownIssues(join(suites, 'known-issues.json'));
    await readExcuses(join(suites, 'uncovered.json'));
  });
});

describe('tables of other commands', () => {
  const table = { title: 'Mutants', columns: ['mutant'], rows: [['policy'], [null], [1.5], [true]], notes: [] };

  test('readTables reads a file with one table, and a file with a list of tables, of other commands', async () => {
    expect(await readTables(directory)).toEqual([]);
    await writeFile(join(directory, 'mutants.json'), JSON.stringify(table));
    await writeFile(join(directory, 'bench.json'), JSON.stringify([table, table]));
    expect(await readTables(directory)).toEqual([table, table, table]);
  });

  test('readTables replaces an invalid table by a note that says what is wrong', async () => {
    await writeFile(join(directory, 'faults.json'), JSON.stringify({ ...table, rows: 'none' }));
    await writeFile(join(directory, 'mutants.json'), '{');
    expect((await readTables(directory)).map(({ notes }) => notes[0])).toEqual([
      'not JSON',
      expect.stringContaining('not a table'),
    ]);
  });
});

test('the report page leaves out evidence that a killed worker wrote incompletely, and keeps the rest', async () => {
  for (const [name, text] of [
    ['half', '{"test":"x","files":['],
    ['other', '{}'],
    ['without', '{"test":"x","calls":[],"guests":[],"files":[{"name":"gone.log","title":"t","kind":"host"}]}'],
  ] as const) {
    await mkdir(join(directory, name));
    await writeFile(join(directory, name, 'evidence.json'), text);
  }
  const tests = ['half', 'other', 'without', 'gone'].map((evidence) => exampleTest(evidence, { evidence }));
  const { report } = buildReport(exampleSources({ collected: exampleRun({ tests }) }));
  const page = await renderPage(report, directory);
  const held = [...page.matchAll(/id="evidence-(\w+)">([\w+/=]*)</g)];
  expect(held.map(([, name]) => name)).toEqual(['without']);
  const bundle = JSON.parse(gunzipSync(Buffer.from(held[0]?.[2] ?? '', 'base64')).toString()) as EvidenceBundle;
  expect(bundle.texts['gone.log']).toMatch(/^cannot be read: ENOENT/);
});

test('the report page is rendered after Ctrl-C has ended the service process of esbuild', async () => {
  await transform('1');
  const children = (await readFile(`/proc/self/task/${process.pid}/children`, 'utf8')).trim().split(' ').map(Number);
  const started = await Promise.all(
    children.map(async (pid) => ({ pid, line: await readFile(`/proc/${pid}/cmdline`, 'utf8') })),
  );
  const services = started.filter(({ line }) => line.includes('esbuild') && line.includes('--service'));
  expect(services).toHaveLength(1);
  for (const { pid } of services) process.kill(pid, 'SIGINT');
  await expect.poll(() => transform('1').catch(messageOf)).toContain('service');
  const { report } = buildReport(exampleSources());
  expect(await renderPage(report, join(directory, 'evidence'))).toContain('<title>');
});

describe('nightly jobs of CI', () => {
  const shards = (text: string): string[] => [...text.matchAll(/\b(\d)\/(\d)\b/g)].map(([shard]) => shard);

  test('.github/workflows/nightly.yml runs every shard once, without secrets', async () => {
    const text = await readFile(new URL('../.github/workflows/nightly.yml', import.meta.url), 'utf8');
    expect(shards(/shard: \[(.*)\]/.exec(text)?.[1] ?? '')).toEqual(['1/4', '2/4', '3/4', '4/4']);
    expect(text).not.toMatch(/secrets\./);
  });

  test('.ci/nightly-job.yaml has as many completions as shards', async () => {
    const text = await readFile(new URL('../.ci/nightly-job.yaml', import.meta.url), 'utf8');
    const of = (pattern: RegExp): string | undefined => pattern.exec(text)?.[1];
    expect(of(/completions: (\d+)/)).toBe(of(/name: SHARDS, value: "(\d+)"/));
  });
});

test('the comparison of a sharded and an unsharded report ignores times, ids and sharding, and names a missing test or shard', () => {
  const report = (more: Parameters<typeof exampleRun>[0], startedAt = BEGUN) =>
    buildReport(
      exampleSources({
        collected: exampleRun({ errors: [], ...more }),
        startedAt,
        endedAt: startedAt + 1_000,
        merged: true,
      }),
    ).report;
  const facts = [1, 2].map((index) => exampleFacts({ runId: `run-${index}`, shard: { index, count: 2 } }));
  const { tests } = exampleRun();
  expect(differences(report({}), report({ facts, tests: [...tests].reverse() }, BEGUN + 5_000))).toEqual([]);
  expect(
    differences(report({}), report({ tests: [...tests.slice(1), exampleTest('one more')] })).length,
  ).toBeGreaterThan(1);
  const [first, ...others] = tests;
  const calls = (method: string) => first?.calls.map((call) => ({ ...call, method })) ?? [];
  const withCalls = (method: string) =>
    report({ tests: [exampleTest(first?.name ?? '', { calls: calls(method) }), ...others] });
  expect(differences(withCalls('grpc.Image/PullImage'), report({}))).toEqual([]);
  expect(differences(withCalls('grpc.Health/Check'), report({})).join()).toContain('Health/Check ok');
  const [missing = ''] = differences(report({}), report({ facts: facts.slice(1) }));
  expect(missing).toMatch(/^verdicts: .* became .*"shard 1\/2 is missing"/);
});
