import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { run } from '../process/exec.ts';
import { TIME_LIMITS, type TimeLimit, within } from './time-limits.ts';

const NAMES = Object.keys(TIME_LIMITS) as TimeLimit[];

test('within multiplies a time limit by the slow factor of the target once and passes the abort signal on', () => {
  const { signal } = new AbortController();
  expect(within({ slow: 8 }, 'console', signal)).toEqual({ timeoutMs: 8 * TIME_LIMITS.console, signal });
});

test('no time limit is longer than the limit of a spec, whose timeout error explains less', () => {
  expect(NAMES.filter((name) => TIME_LIMITS[name] > TIME_LIMITS.spec)).toEqual([]);
});

const REJECTED = [
  'export const OPEN_TIMEOUT_MS = 5_000;',
  'export const WAIT_MS = 2 * MINUTE;',
  'export const call = () => agent.check({}, { timeoutMs: 5_000 });',
  'export const launched = () => launch({ readyTimeoutMs: 60 * 1_000 });',
  'export const polled = () => expect.poll(probe, { timeout: 5_000 });',
  'export const polled = () => expect.poll(probe).toBe(1);',
  'export const f = (timeoutMs = 5_000) => timeoutMs;',
  'export const f = ({ timeoutMs = 5_000 }) => timeoutMs;',
  'export const slept = () => delay(5_000);',
  'export const slept = () => delay(5_000, undefined, {});',
  'export const timer = () => setTimeout(end, 5_000);',
  'export const signal = () => AbortSignal.timeout(5_000);',
  'export const tolerance = () => 5 * target.slow;',
  'export const tolerance = () => target.slow * FIVE;',
  'export const tolerance = ({ slow }) => 5 * slow;',
];

const ACCEPTED = [
  "export const call = () => guest.console.waitFor(/x/, begun, within('console'));",
  "export const polled = () => expect.poll(probe, { interval: 100, timeout: within('process').timeoutMs });",
  "export const polled = () => poll('it', probe, { ...within('console'), intervalMs: 200 });",
  'export const fault = { bytesPerSecond: 300_000 };',
  '// biome-ignore lint/plugin/time-limit: the deadline under test.\nexport const call = () => agent.check({}, { timeoutMs: 300 });',
];

describe('lint rule .lint/time-limit.grit', () => {
  let directory: string;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'kata-cc-lint-'));
    await cp('biome.json', join(directory, 'biome.json'));
    await cp('.lint', join(directory, '.lint'), { recursive: true });
  });
  afterAll(() => rm(directory, { recursive: true, force: true }));

  /** Lints files, by path and content, with the project's configuration; returns the paths that the plugin rejects. */
  async function lint(files: Readonly<Record<string, string>>): Promise<string[]> {
    for (const [path, text] of Object.entries(files)) {
      await mkdir(dirname(join(directory, path)), { recursive: true });
      await writeFile(join(directory, path), `${text}\n`);
    }
    const biome = [resolve('node_modules/@biomejs/biome/bin/biome'), 'lint', '--vcs-enabled=false', '--reporter=json'];
    const { stdout } = await run([process.execPath, ...biome, '--max-diagnostics=none', ...Object.keys(files)], {
      cwd: directory,
      okCodes: [0, 1],
    });
    const { diagnostics } = JSON.parse(stdout) as { diagnostics: { category: string; location: { path: string } }[] };
    return [
      ...new Set(diagnostics.filter(({ category }) => category === 'plugin').map(({ location }) => location.path)),
    ];
  }

  const named = (lines: readonly string[]): Record<string, string> =>
    Object.fromEntries(lines.map((text, index) => [`suites/${index}.spec.ts`, text]));

  test('the lint rule time-limit rejects literal time limits, a factor slow and an expect.poll without timeout', async () => {
    const files = named(REJECTED);
    expect((await lint(files)).sort()).toEqual(Object.keys(files).sort());
  });

  test('the lint rule time-limit accepts limits of the table, intervals, other numbers, and a literal with a reason', async () => {
    expect(await lint(named(ACCEPTED))).toEqual([]);
  });

  test('the lint rule time-limit applies to specs and fixtures, and neither to the stand-in agent nor to tests of the harness', async () => {
    const limit = 'export const limit = { timeoutMs: 5_000 };';
    const paths = ['suites/a.spec.ts', 'fixtures/a.ts', 'fixtures/guest/a.ts'];
    const others = ['fixtures/a.test.ts', 'fixtures/stand-in-agent/a.ts', 'helpers/a.ts'];
    expect((await lint(Object.fromEntries([...paths, ...others].map((path) => [path, limit])))).sort()).toEqual(
      [...paths].sort(),
    );
  });
});
