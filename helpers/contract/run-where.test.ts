import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { run } from '../process/exec.ts';

const HERE = import.meta.dirname;
const PROJECT = join(HERE, '..', '..');
const TESTED = ['helpers', 'fixtures', 'setup', 'suites', 'reports', 'protos'];

/**
 * Calls that leave tests out without a reason: `test.skipIf(...)`, `describe.runIf(...)`, `test.skip`, `test.only`,
 * `skip()`.
 */
const WITHOUT_REASON = /^\s*(?:test|it|describe)(?:\.\w+)*\.(?:runIf|skipIf|skip|todo|only)\b|\bskip\(\)/m;

test('no test file uses runIf, skipIf, skip, todo or only, which skip tests without a reason', async () => {
  const paths = await Promise.all(
    TESTED.map(async (directory) =>
      (await readdir(join(PROJECT, directory), { recursive: true })).map((path) => join(directory, path)),
    ),
  );
  const files = paths
    .flat()
    .filter((path) => /\.(?:test|spec)\.ts$/.test(path) && path !== 'helpers/contract/run-where.test.ts');
  expect(files.length).toBeGreaterThan(100);
  const sources = await Promise.all(files.map((path) => readFile(join(PROJECT, path), 'utf8')));
  expect(files.filter((_, index) => WITHOUT_REASON.test(sources[index] ?? ''))).toEqual([]);
});

test.for([
  "test.skipIf(X)('a', () => {})",
  "describe.runIf(X)('a', () => {})",
  'test.concurrent.skip()',
  "test.todo('a')",
  'skip()',
])('the check for tests skipped without a reason finds %s', (source) => {
  expect(source).toMatch(WITHOUT_REASON);
});

test('testWhere and describeWhere run tests if the condition holds, and else skip them with the reason', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'kata-cc-run-where-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  const source = `
    import { beforeAll, expect, test } from ${JSON.stringify(join(PROJECT, 'node_modules/vitest/dist/index.js'))};
    import { describeWhere, testWhere } from ${JSON.stringify(join(HERE, 'run-where.ts'))};
    testWhere(true)('runs', () => {});
    testWhere(true)('runs and fails', { timeout: 1_000 }, () => expect(1).toBe(2));
    testWhere('no root')('is skipped', () => expect(1).toBe(2));
    describeWhere(true)('group', () => test('runs', () => {}));
    describeWhere('no browser')('group that is skipped', () => {
      beforeAll(() => expect(1).toBe(2));
      test('one', () => expect(1).toBe(2));
    });
  `;
  await writeFile(join(directory, 'a.test.ts'), source);
  await writeFile(join(directory, 'vitest.config.ts'), 'export default {};');
  const vitest = [process.execPath, join(PROJECT, 'node_modules/vitest/vitest.mjs'), 'run', '--root', directory];
  const { stdout } = await run([...vitest, '--reporter=verbose', '--no-color'], { okCodes: [1] });
  const lines = stdout.split('\n').map((line) => line.trim().replace(/ \d+ms/, ''));
  expect(lines).toEqual(
    expect.arrayContaining([
      '✓ a.test.ts > runs',
      '× a.test.ts > runs and fails',
      '↓ a.test.ts > is skipped [no root]',
      '✓ a.test.ts > group > runs',
      '↓ a.test.ts > group that is skipped > all of its tests [no browser]',
    ]),
  );
});
