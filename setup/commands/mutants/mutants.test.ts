import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, onTestFinished, test } from 'vitest';
import { CDH_MUTANTS } from '../../../helpers/contract/cdh-mutant.ts';
import { INPUT_SWAPS } from '../../../helpers/contract/input-swap.ts';
import { fileExists } from '../../../helpers/files.ts';
import { poll } from '../../../helpers/poll.ts';
import { minimalEnv } from '../../../helpers/process/exec.ts';
import { MUTANTS } from '../../mutants/catalogue.ts';
import { mutate } from '../../mutants/mutant.ts';
import { projectPath } from '../../project.ts';

test.for(MUTANTS)('the edit of mutant $name fits the current source of the stand-in agent', async (mutant) => {
  const source = await readFile(projectPath(`fixtures/stand-in-agent/${mutant.file}`), 'utf8');
  expect(mutate(mutant, source)).not.toBe(source);
});

test.for(Object.entries({ ...INPUT_SWAPS, ...CDH_MUTANTS }))(
  'the suites of the mutant %s are spec files',
  async ([, { suites }]) => {
    for (const suite of suites) expect(await fileExists(projectPath(suite)), suite).toBe(true);
  },
);

test('there are at least twenty mutants of the stand-in agent, with unique names', () => {
  expect(MUTANTS.length).toBeGreaterThanOrEqual(20);
  expect(new Set(MUTANTS.map(({ name }) => name)).size).toBe(MUTANTS.length);
});

test('mutate rejects a mutant whose text to replace does not occur exactly once', () => {
  const mutant = { name: 'm', mutation: '', file: 'f.ts', find: 'a', replace: 'b', suites: [] };
  expect(() => mutate(mutant, 'x')).toThrow('mutant m: "a" occurs 0 times in f.ts, expected once');
  expect(() => mutate(mutant, 'aa')).toThrow('occurs 2 times');
});

test('pnpm kata mutants ended by SIGTERM removes the reports of the run that it interrupts', async () => {
  const temporary = await mkdtemp(join(tmpdir(), 'kata-cc-mutants-'));
  onTestFinished(() => rm(temporary, { recursive: true, force: true }));
  const reports = async (): Promise<readonly string[]> =>
    (await readdir(temporary)).filter((name) => name.startsWith('kata-cc-mutant-'));
  const mutants = execa(process.execPath, [projectPath('setup/commands/kata.ts'), 'mutants', 'wrong-text'], {
    env: minimalEnv({ TMPDIR: temporary, KATA_REPORTS_DIR: temporary }),
    extendEnv: false,
    reject: false,
  });
  await poll('a run of the suites', async () => (await reports()).length === 1 || undefined, { timeoutMs: 60_000 });
  mutants.kill('SIGTERM');
  expect(await mutants).toMatchObject({ exitCode: 1, stderr: 'interrupted by SIGTERM' });
  expect(await reports()).toEqual([]);
});
