import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { fileExists } from '../../helpers/files.ts';
import { teardown } from './teardown.ts';

let journals: string;
beforeEach(async () => {
  journals = await mkdtemp(join(tmpdir(), 'kata-cc-teardown-'));
});
afterEach(() => rm(journals, { recursive: true, force: true }));

/** Writes the journal of an ended run that has left `path` behind. */
async function journalOf(runId: string, path: string): Promise<void> {
  const lines = [
    { runId, process: { pid: 0, startTime: '0' } },
    { undo: 'remove-path', path },
  ];
  await writeFile(join(journals, `${runId}.jsonl`), lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
}

test('a failing undo of one run does not stop teardown of other runs, and is reported', async () => {
  const left = join(journals, 'left');
  await mkdir(left);
  // Not even root can remove this path.
  for (const runId of ['a', 'z']) await journalOf(runId, '/sys/kernel/notes');
  await journalOf('m', left);
  const both = /^not undone, see .*\nnot undone, see /s;
  await expect(teardown(journals, {})).rejects.toThrow(both);
  expect(await fileExists(left)).toBe(false);
});
