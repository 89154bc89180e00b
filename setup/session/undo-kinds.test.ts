import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { loadConfig } from '../config/config.ts';
import { teardownRuns } from './engine.ts';
import { leftBehind } from './undo-kinds.ts';

test('teardown replays a journal with every undo that versions before 0.2.0 recorded', async () => {
  const cacheDir = await mkdtemp(join(tmpdir(), 'kata-cc-undos-'));
  onTestFinished(() => rm(cacheDir, { recursive: true, force: true }));
  const made = join(cacheDir, 'made');
  await mkdir(join(cacheDir, 'journal'));
  await mkdir(made);
  const lines = [
    { runId: 'dead00', process: { pid: process.pid, startTime: '1' } },
    { undo: 'remove-path', path: made },
    { undo: 'remove-cgroup', cgroup: 'kata-cc/dead00' },
    { undo: 'remove-containers', socket: join(cacheDir, 'no.sock'), runId: 'dead00' },
    { undo: 'kill-processes', runId: 'dead00' },
  ];
  const text = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
  await writeFile(join(cacheDir, 'journal', 'dead00.jsonl'), text);
  expect(await teardownRuns(loadConfig({ KATA_CACHE_DIR: cacheDir }))).toMatchObject({ undone: [{ runId: 'dead00' }] });
  expect(await readdir(cacheDir)).toEqual(['journal']);
  expect(await readdir(join(cacheDir, 'journal'))).toEqual([]);
});

test('a run on target kata removes its containers before its cgroup, and other targets have none', () => {
  const kinds = (target: 'local' | 'vm' | 'kata'): string[] => leftBehind({ target }, 'abc').map(({ undo }) => undo);
  // Undos are run last first.
  expect(kinds('kata')).toEqual(['remove-cgroup', 'remove-containers']);
  expect([kinds('local'), kinds('vm')]).toEqual([['remove-cgroup'], ['remove-cgroup']]);
});
