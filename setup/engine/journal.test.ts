import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { findRuns, Journal, replay } from './journal.ts';
import { teardown } from './teardown.ts';
import { fieldOf, type UndoKinds } from './undo.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'kata-cc-journal-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

describe('journal of a run', () => {
  test('the journal of a run is replayed last undo first, and then removed', async () => {
    const journal = await Journal.open(directory, 'abc', {});
    const made = join(directory, 'made');
    journal.record({ undo: 'remove-path', path: made });
    await mkdir(join(made, 'deep'), { recursive: true });
    expect(await findRuns(directory)).toMatchObject([{ runId: 'abc', alive: true, pid: process.pid }]);
    await journal.replay();
    expect(await readdir(directory)).toEqual([]);
  });

  test('findRuns recognises the journal of a run whose process has ended; replay ignores an incomplete last line', async () => {
    const file = join(directory, 'dead.jsonl');
    const made = join(directory, 'made');
    await mkdir(made);
    const header = JSON.stringify({ runId: 'dead', process: { pid: process.pid, startTime: '1' } });
    await writeFile(file, `${header}\n${JSON.stringify({ undo: 'remove-path', path: made })}\n{"undo":"remo`);
    expect(await findRuns(directory)).toMatchObject([{ runId: 'dead', alive: false }]);
    await replay(file, {});
    expect(await readdir(directory)).toEqual([]);
  });
});

test.for(['', '\0\0\0\n\0\n', '{"runId":\n', 'null\n', '[]\n', '{}\n'])(
  'teardown removes a journal that a full disk or a power cut reduced to %j',
  async (text) => {
    await writeFile(join(directory, 'left.jsonl'), text);
    expect(await teardown(directory, {})).toMatchObject({ undone: [{ runId: '?' }], alive: [] });
    expect(await readdir(directory)).toEqual([]);
  },
);

test("replay ignores an incompletely written line of a run's journal", async () => {
  const file = join(directory, 'dead.jsonl');
  const made = join(directory, 'made');
  await mkdir(made);
  const header = JSON.stringify({ runId: 'dead', process: { pid: process.pid, startTime: '1' } });
  await writeFile(file, `${header}\n${JSON.stringify({ undo: 'remove-path', path: made })}\n\0\0\0\n`);
  await replay(file, {});
  expect(await readdir(directory)).toEqual([]);
});

test("replay runs the undos of added kinds, and keeps a run's journal with an undo of an unknown kind", async () => {
  const undone: string[] = [];
  const kinds: UndoKinds = {
    'close-tap': { timeoutMs: 1_000, undo: async (record) => void undone.push(fieldOf(record, 'tap')) },
  };
  const journal = await Journal.open(directory, 'abc', kinds);
  for (const tap of ['cold', 'hot']) journal.record({ undo: 'close-tap', tap });
  await expect(replay(journal.file, {})).rejects.toThrow(
    /not undone, see .*\n.*"hot".*does not have this kind of undo/,
  );
  expect(await readdir(directory)).toEqual(['abc.jsonl']);
  await replay(journal.file, kinds);
  expect(undone).toEqual(['hot', 'cold']);
  expect(await readdir(directory)).toEqual([]);
});

test("an undo in a run's journal fails if its record lacks a field", async () => {
  const journal = await Journal.open(directory, 'abc', {});
  journal.record({ undo: 'remove-path' });
  await expect(journal.replay()).rejects.toThrow('{"undo":"remove-path"}: the record has no path');
});
