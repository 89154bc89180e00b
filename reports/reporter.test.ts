import { chmod, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { minimalEnv } from '../helpers/process/exec.ts';
import type { RunReport } from './model.ts';

const HERE = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

/** Facts of a run, as set-up provides them. */
const FACTS = {
  runId: 'r',
  target: 'local',
  hypervisor: 'none',
  banner: 'target local',
  declared: [],
  fields: {},
  setup: [],
  commit: 'c',
  reducedBy: [],
  agent: { kind: 'stand-in', version: '1', generation: 'skopeo' },
};

/**
 * Configuration of a Vitest project with our reporter and our workers' setup file; each test writes the project's spec
 * files.
 */
const CONFIG = `
import { readFileSync } from 'node:fs';
import { defineConfig } from 'vitest/config';
import { keepReporter } from ${JSON.stringify(HERE('keep-reporter.ts'))};
const knownIssues = JSON.parse(readFileSync('suites/known-issues.json', 'utf8'));
const provide = { target: { slow: 1 }, facts: ${JSON.stringify(FACTS)}, knownIssues };
const reportsDir = () => process.env.OUT;
const settings = () => ({
  reportsDir: reportsDir(), historyDir: 'history', coverageGate: false, githubSummary: undefined, secrets: [],
});
const options = { project: 'suites', reportsDir, settings };
export default defineConfig({
  plugins: [keepReporter(options)],
  test: {
    reporters: [[${JSON.stringify(HERE('reporter.ts'))}, options], 'default'],
    projects: [
      { test: { name: 'suites', include: ['suites/**/*.spec.ts'], setupFiles: [${JSON.stringify(HERE('../setup/vitest/worker.ts'))}], provide } },
    ],
  },
});
`;

const GOOD = `import { test } from 'vitest'; test('good', () => {}); test('as good', () => {});`;

let root: string;
let out: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'kata-cc-run-'));
  out = join(root, 'out');
  await symlink(HERE('../node_modules'), join(root, 'node_modules'));
  await put('package.json', '{ "type": "module", "version": "1.2.3" }');
  await put('vitest.config.ts', CONFIG);
  await put('suites/known-issues.json', '[]');
  await put('suites/uncovered.json', '{}');
  await put('suites/unproved.json', '{}');
});
afterEach(() => rm(root, { recursive: true, force: true }));

async function put(name: string, text: string): Promise<void> {
  await mkdir(dirname(join(root, name)), { recursive: true });
  await writeFile(join(root, name), text);
}

interface Ended {
  readonly code: number | undefined;
  readonly said: string;
}

async function vitest(...args: string[]): Promise<Ended> {
  const { exitCode, all } = await execa(process.execPath, ['node_modules/vitest/vitest.mjs', 'run', ...args], {
    cwd: root,
    env: minimalEnv({ OUT: out, CI: '1', NO_COLOR: '1' }),
    extendEnv: false,
    all: true,
    reject: false,
  });
  return { code: exitCode, said: all };
}

const report = async (): Promise<RunReport> =>
  JSON.parse(await readFile(join(out, 'report.json'), 'utf8')) as RunReport;
const title = async (): Promise<string> =>
  /<title>(.*)<\/title>/.exec(await readFile(join(out, 'index.html'), 'utf8'))?.[1] ?? '';
const written = async (): Promise<string[]> => (await readdir(out)).sort();
const last = (said: string): string => said.trimEnd().split('\n').at(-1) ?? '';

/** Long time limit, because each test starts Vitest. */
const LIMIT = { timeout: 120_000 };

describe('reports of thrown values', LIMIT, () => {
  const ODD = `
import { afterAll, beforeAll, describe, test } from 'vitest';
const cyclic = { a: 1 }; cyclic.self = cyclic;
const [one, two] = [new Error('one'), new Error('two')]; one.cause = two; two.cause = one;
const trap = () => { throw new Error('trapped'); };
const revocable = Proxy.revocable({}, {}); revocable.revoke();
const ODD = {
  object: { status: 500 }, null: null, undefined: undefined, text: 'text', empty: '', number: 5, bigint: 10n, symbol: Symbol('s'),
  function: () => 5, list: [], 'list of odd things': [null, { status: 1 }, 'x'], date: new Date(NaN), bytes: Buffer.from([1, 2]),
  getter: { get message() { return trap(); } }, 'getter of showDiff': { get showDiff() { return trap(); } },
  cyclic, proxy: new Proxy({}, { get: trap, ownKeys: trap, getPrototypeOf: trap }), revoked: revocable.proxy,
  'no prototype': Object.create(null), 'BigInt in it': { code: 5n, message: 'm' },
  'message of another type': Object.assign(new Error('x'), { message: { a: 1 } }), 'name of another type': Object.assign(new Error('x'), { name: {} }),
  'stack of another type': Object.assign(new Error('x'), { stack: 5 }), 'stacks of another type': Object.assign(new Error('x'), { stacks: 'none' }),
  'diff of another type': Object.assign(new Error('x'), { diff: 5 }), aggregate: new AggregateError([one, null], 'many'),
  'empty aggregate': new AggregateError([], 'none'), 'cycle of causes': one, enormous: new Error('x'.repeat(5_000_000)),
  binary: new Error('\\u0000\\u0001\\ud800\\u001b[31m\\ufffe ]]> </script>'), 'toJSON gives null': { toJSON: () => null },
  'toJSON gives text': { toJSON: () => 'text' }, 'toJSON throws': { toJSON: trap }, frozen: Object.freeze(new Error('frozen')),
};
describe('thrown', () => { for (const [name, value] of Object.entries(ODD)) test(name, () => { throw value; }); });
describe('rejected', () => { for (const [name, value] of Object.entries(ODD)) test(name, () => Promise.reject(value)); });
describe('group', () => { beforeAll(() => { throw { status: 501 }; }); test('never', () => {}); });
describe('other group', () => { afterAll(() => { throw null; }); test('fine', () => {}); });
test('name \\u0000 \\u001b[2J | ]]> <b> ::error::\\n9 passed, 0 failed, 0 skipped', () => { throw new Error('::error file=x::\\r\\n| a |'); });
test('unhandled', async () => { Promise.reject({ status: 502 }); Promise.reject(null); await new Promise((done) => setTimeout(done, 50)); });
`;

  test('a run whose tests throw values of any kind writes every report, with a failure for each test', async () => {
    await put('suites/odd.spec.ts', ODD);
    await put('suites/broken.spec.ts', 'throw { status: 503 };');
    await put('suites/good.spec.ts', GOOD);
    const { code, said } = await vitest();
    expect(code).toBe(1);
    expect(await written()).toEqual(['index.html', 'junit.xml', 'report.json', 'summary.md']);
    const { tests, errors, totals } = await report();
    const odd = tests.filter(({ groups: [group] }) => group === 'thrown' || group === 'rejected');
    expect(odd.length).toBeGreaterThan(60);
    expect(odd.filter(({ outcome, failures }) => outcome !== 'failed' || failures.length === 0)).toEqual([]);
    expect(odd.find(({ name }) => name === 'object')?.failures).toMatchObject([
      { message: 'an object without a message was thrown: { status: 500 }' },
    ]);
    expect(tests.find(({ name }) => name === 'never')).toMatchObject({ outcome: 'skipped', notTried: 'group failed' });
    const messages = errors.map(({ message }) => message).join('\n');
    for (const status of [501, 502, 503]) expect(messages).toContain(`{ status: ${status} }`);
    expect(totals.passed).toBe(4);
    expect(last(said)).toBe(`4 passed, ${totals.failed} failed, 1 skipped`);
    expect(said.split('\n').filter((line) => line === '9 passed, 0 failed, 0 skipped')).toEqual([]);
  });
});

describe('reports of killed Vitest workers', LIMIT, () => {
  test('the report of a run with a killed worker names file and signal, and lists the unfinished test as skipped', async () => {
    await put(
      'suites/killed.spec.ts',
      `import { test } from 'vitest'; test('eats', () => { process.kill(process.pid, 'SIGKILL'); return new Promise(() => {}); });`,
    );
    await put('suites/good.spec.ts', GOOD);
    const { code, said } = await vitest();
    expect(code).toBe(1);
    expect(said).toMatch(
      /^ERROR .*caused by Error: Worker exited unexpectedly with signal SIGKILL .*killed\.spec\.ts$/m,
    );
    const { skips, totals } = await report();
    expect(skips).toEqual([{ reason: 'the run or its worker ended before the test did', count: 1 }]);
    expect(totals).toMatchObject({ passed: 2, failed: 1 });
    for (const name of ['junit.xml', 'summary.md']) {
      expect(await readFile(join(out, name), 'utf8')).toMatch(/signal SIGKILL .*killed\.spec\.ts/);
    }
  });
});

test('the report of a test that is skipped without a reason says so', LIMIT, async () => {
  await put(
    'suites/mute.spec.ts',
    `import { test } from 'vitest'; test('a', ({ skip }) => skip('')); test.todo('b'); test('c', () => {});`,
  );
  await vitest();
  expect((await report()).skips).toEqual([
    { reason: 'no reason given (empty text)', count: 1 },
    { reason: 'not written yet (test.todo)', count: 1 },
  ]);
});

/** Creates a git repository of the test's project, with all files in one commit. */
async function commitAll(): Promise<void> {
  await execa('git', ['init', '-q', root]);
  await put('.gitignore', 'node_modules\nout\nhistory\n');
  await execa('git', ['-C', root, 'add', '-A']);
  await execa('git', ['-C', root, '-c', 'user.name=x', '-c', 'user.email=x@x', 'commit', '-qm', 'all']);
}

describe('runs without tests', LIMIT, () => {
  beforeEach(async () => {
    await put('suites/good.spec.ts', GOOD);
    await put('suites/skipped.spec.ts', `import { test } from 'vitest'; test('no', ({ skip }) => skip('no KVM'));`);
  });

  test.for([
    ['a name of no test', ['-t', 'a typo'], 'no test matches -t "a typo", of 3 tests'],
    ['a file that does not exist', ['suites/nowhere.spec.ts'], 'no file matches suites/nowhere.spec.ts'],
    ['a file whose tests are all skipped', ['suites/skipped.spec.ts'], 'every test was skipped (1 × no KVM)'],
    ['no file, since all are excluded', ['--exclude', 'suites/**'], 'no file matches --exclude suites/**'],
  ] as const)('a run fails, and says why, if the selection is %s', async ([, args, why]) => {
    const { code, said } = await vitest(...args);
    expect(said).toContain(`RED      nothing ran: ${why}; --passWithNoTests allows that`);
    expect(code).toBe(1);
    expect(await report()).toMatchObject({ outcome: 'failed', full: false });
  });

  test('a run without tests passes with --passWithNoTests', async () => {
    const { code, said } = await vitest('-t', 'a typo', '--passWithNoTests');
    expect(said).toContain('warning  nothing ran: no test matches -t "a typo"');
    expect(code).toBe(0);
  });

  test('a run that Vitest ends before it starts, because of an invalid argument, fails', async () => {
    const { code, said } = await vitest('suites/good.spec.ts:1-2');
    expect(said).toContain('the run ended before it started: nothing ran');
    expect(code).toBe(1);
    expect(await title()).toBe('no report yet: kata-cc-suite');
  });

  test('a run with --changed passes without changed files, since Vitest implies --passWithNoTests', async () => {
    await commitAll();
    const { code, said } = await vitest('--changed');
    expect(said).toContain('warning  nothing ran: no file matches --changed; allowed by --passWithNoTests');
    expect(code).toBe(0);
  });
});

test.for(['verbose', 'json'])(
  'a run with --reporter=%s writes its report, and fails if no test ran',
  LIMIT,
  async (name) => {
    await put('suites/a.spec.ts', GOOD);
    const { code } = await vitest(`--reporter=${name}`);
    expect(code).toBe(0);
    expect((await report()).tests).toHaveLength(2);
    const typo = await vitest(`--reporter=${name}`, '-t', 'no such test');
    expect(typo.said).toContain('nothing ran: no test matches');
    expect(typo.code).toBe(1);
  },
);

describe('the scope of a run', LIMIT, () => {
  const names = ['a', 'b', 'c', 'd'];
  beforeEach(async () => {
    for (const name of names) await put(`suites/${name}.spec.ts`, GOOD.replaceAll('good', name));
    await commitAll();
    await put('suites/a.spec.ts', `${GOOD.replaceAll('good', 'a')} // changed`);
  });
  const history = async (): Promise<number> => (await readdir(root)).filter((name) => name === 'history').length;

  test.for([
    ['no options', [], [4, 8], []],
    ['--changed', ['--changed'], [1, 2], ['--changed']],
    ['--exclude', ['--exclude', 'suites/b.spec.ts'], [3, 6], ['--exclude suites/b.spec.ts']],
    ['one file', ['suites/c.spec.ts'], [1, 2], ['suites/c.spec.ts']],
    ['-t', ['-t', 'as [ab]'], [2, 2], ['-t "as [ab]"']],
    ['a shard', ['--shard', '1/2'], [2, 4], []],
  ] as const)(
    'the report of a run with %s states how much of the suites it covered',
    async ([, args, [files, tests], reducedBy]) => {
      const { code } = await vitest(...args);
      expect(code).toBe(0);
      const { full, scope } = await report();
      expect(full).toBe(files === names.length);
      expect(scope).toMatchObject({ files: { tried: files, all: 4 }, tests: { tried: tests }, reducedBy });
      // Only full runs get into the history, because only full runs are compared.
      expect(await history()).toBe(full ? 1 : 0);
    },
  );

  test.for([
    ['KATA_MUTE', { muted: 'grpc.AgentService/PauseContainer' }],
    ['KATA_MUTANT', { mutant: 'wrong-cause' }],
  ] as const)('a full run with %s fails, and is not added to the history', async ([, fact]) => {
    await put('vitest.config.ts', CONFIG.replace(JSON.stringify(FACTS), JSON.stringify({ ...FACTS, ...fact })));
    const { code } = await vitest();
    expect(code).toBe(1);
    expect(await report()).toMatchObject({
      outcome: 'failed',
      full: true,
      totals: { failed: 0 },
      subjects: [fact],
    });
    expect(await history()).toBe(0);
  });

  test('a run reduced by test.only is reported as partial, by no known option', async () => {
    await put('suites/a.spec.ts', GOOD.replace("test('good'", "test.only('good'"));
    const { said } = await vitest('--allowOnly');
    expect(await report()).toMatchObject({ full: false, scope: { files: { tried: 4 }, tests: { tried: 7, all: 8 } } });
    expect(said).toContain('partial  4 of 4 spec files, 7 of 8 tests in those loaded (by no known option: test.only');
  });

  test('a run ended by --bail while other files run reports their unfinished tests as not reached', async () => {
    const wait = (ms: number): string => `new Promise((done) => setTimeout(done, ${ms}))`;
    await put(
      'suites/a.spec.ts',
      `import { test } from 'vitest'; test('bad', async () => { await ${wait(1_500)}; throw 1; });`,
    );
    await put(
      'suites/b.spec.ts',
      `import { test } from 'vitest'; test('goes on', () => ${wait(10_000)}); test('never', () => {});`,
    );
    await vitest('--bail', '1', 'suites/a.spec.ts', 'suites/b.spec.ts', '--maxWorkers', '2');
    const { scope, skips } = await report();
    expect(skips).toEqual([{ reason: 'the run or its worker ended before the test did', count: 2 }]);
    expect(scope.tests).toEqual({ tried: 1, all: 3 });
  });

  test('a run ended by --bail is reported as interrupted and partial', async () => {
    await put(
      'suites/a.spec.ts',
      `import { test } from 'vitest'; test('bad', () => { throw 1; }); test('never', () => {});`,
    );
    await vitest('--bail', '1', 'suites/a.spec.ts');
    const { full, outcome, scope } = await report();
    expect({ full, outcome }).toEqual({ full: false, outcome: 'interrupted' });
    expect(scope).toMatchObject({ tests: { tried: 1, all: 2 }, reducedBy: ['suites/a.spec.ts', '--bail 1'] });
  });
});

test('a run whose set-up fails has the reason in its HTML page, JUnit file and summary', LIMIT, async () => {
  await put('suites/good.spec.ts', GOOD);
  await vitest();
  await put(
    'global.ts',
    `export default (project) => { project.provide('setupFailure', 'no <agent> & "x" 🔒\\u0007\\nguest: ends'); process.exit(1); };`,
  );
  await put('vitest.config.ts', CONFIG.replace('  test: {', "  test: { globalSetup: ['./global.ts'],"));
  const { code } = await vitest();
  expect(code).toBe(1);
  expect(await written()).toEqual(['index.html', 'junit.xml', 'summary.md']);
  expect(await title()).toBe('set-up failed: kata-cc-suite');
  expect(await readFile(join(out, 'junit.xml'), 'utf8')).toContain(
    '<error message="no &lt;agent&gt; &amp; &quot;x&quot; 🔒\ufffd" type="set-up">no &lt;agent&gt; &amp; "x" 🔒\ufffd\nguest: ends</error>',
  );
  expect(await readFile(join(out, 'summary.md'), 'utf8')).toContain('no <agent> & "x" 🔒\u0007\nguest: ends');
  expect(await readFile(join(out, 'index.html'), 'utf8')).toContain(
    '<pre>no &lt;agent&gt; &amp; "x" 🔒\ufffd\nguest: ends</pre>',
  );
});

describe('reports of an earlier run', LIMIT, () => {
  beforeEach(() => put('suites/good.spec.ts', GOOD));

  test('a run that is killed has removed the reports of an earlier run, and its HTML page says that there is no report yet', async () => {
    await vitest();
    expect(await title()).toBe('2 passed, 0 failed, 0 skipped: kata-cc-suite');
    await put(
      'suites/good.spec.ts',
      `import { test } from 'vitest'; test('kills', () => process.kill(process.ppid, 'SIGKILL'));`,
    );
    const { code } = await vitest();
    expect(code).toBeUndefined();
    expect(await written()).toEqual(['index.html']);
    expect(await title()).toBe('no report yet: kata-cc-suite');
  });

  test('an invalid known-issues.json fails the run with a verdict in a new report', async () => {
    await vitest();
    await put('suites/known-issues.json', '[{}]');
    const { code, said } = await vitest();
    expect(code).toBe(1);
    expect(said).toMatch(/RED {6}.*known-issues\.json\/0\/test: Expected required property/);
    expect((await report()).verdicts).toHaveLength(1);
  });

  test('a report that cannot be replaced fails the run, and the other reports are written', async () => {
    await mkdir(join(out, 'junit.xml', 'in the way'), { recursive: true });
    const { code, said } = await vitest();
    expect(said).toMatch(/earlier reports cannot be removed: .*junit\.xml/);
    expect(said).toMatch(/junit\.xml cannot be written: /);
    expect(code).toBe(1);
    expect(await written()).toEqual(expect.arrayContaining(['index.html', 'report.json', 'summary.md']));
  });

  test('if index.html cannot be written, the summary names report.json, and no partial file remains', async () => {
    await mkdir(join(out, 'index.html', 'in the way'), { recursive: true });
    const { said } = await vitest();
    expect(said).toMatch(/index\.html cannot be written: /);
    expect(said).toMatch(/^report {3}.*report\.json$/m);
    expect((await written()).filter((name) => name.endsWith('.partial'))).toEqual([]);
  });

  test('a reports directory that cannot be created fails the run', async () => {
    await put('out', 'a file');
    await chmod(join(root, 'out'), 0o400);
    const { code, said } = await vitest();
    expect(code).toBe(1);
    expect(said).toMatch(/report\.json cannot be written: ENOTDIR/);
    expect(last(said)).toBe('2 passed, 0 failed, 0 skipped');
  });
});

describe('retries of known issues', LIMIT, () => {
  const issue = {
    test: 'suites/flaky.spec.ts > pulls',
    targets: ['local'],
    issue: 'https://example.test/1',
    message: '^the guest ended',
    retries: 1,
    expires: '2999-01-01',
    why: 'because of the test',
  };
  /** Spec file whose tests fail at their first attempt. */
  const FLAKY = `
import { describe, test } from 'vitest';
const tried = {};
const once = (name, message) => () => { if ((tried[name] ??= 0) === 0) { tried[name] += 1; throw new Error(message); } };
test('pulls', once('pulls', 'the guest ended'));
test('pulls twice', once('pulls twice', 'the guest ended'));
describe('group', () => { test('pulls', once('group', 'the guest ended')); });
`;
  const outcomes = async (issues: unknown): Promise<Record<string, string>> => {
    await put('suites/known-issues.json', JSON.stringify(issues));
    await put('suites/flaky.spec.ts', FLAKY);
    await vitest();
    const { tests } = await report();
    return Object.fromEntries(tests.map(({ id, outcome }) => [id.replace('suites/flaky.spec.ts > ', ''), outcome]));
  };

  test('a failing test is retried if a known issue names it; other tests are not', async () => {
    expect(await outcomes([issue])).toEqual({ pulls: 'flaky', 'pulls twice': 'failed', 'group > pulls': 'failed' });
  });

  test.for([
    ['another target', { targets: ['vm', 'kata'] }],
    ['another generation', { generations: ['guest-pull'] }],
    ['another message', { message: '^the agent ended' }],
    ['the past (expired)', { expires: '2020-01-01' }],
  ] as const)('a failing test is not retried for a known issue of %s', async ([, more]) => {
    expect(await outcomes([{ ...issue, ...more }])).toMatchObject({ pulls: 'failed' });
  });

  test('a known issue that names no test of the run is a warning', async () => {
    await put('suites/good.spec.ts', GOOD);
    await put(
      'suites/known-issues.json',
      JSON.stringify([issue, { ...issue, test: 'suites/gone.spec.ts', targets: ['vm'] }]),
    );
    const { said, code } = await vitest();
    expect(said).toContain(
      'warning  suites/known-issues.json: "suites/flaky.spec.ts > pulls" (https://example.test/1) names no test',
    );
    expect(said).not.toContain('gone.spec.ts');
    expect(code).toBe(0);
  });
});
