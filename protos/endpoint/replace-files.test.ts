import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { replaceFiles } from './replace-files.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'kata-cc-replace-'));
  await writeFile(join(directory, 'old'), 'before');
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const replace = (texts: Record<string, string>): Promise<void> =>
  replaceFiles(new Map(Object.entries(texts).map(([name, text]) => [join(directory, name), text])));
const contents = (): Promise<string[]> => readdir(directory, { recursive: true });

test('replaceFiles writes files, also into new directories, and leaves no temporary files', async () => {
  await replace({ old: 'after', 'a/b/new': 'new' });
  expect((await contents()).sort()).toEqual(['a', 'a/b', 'a/b/new', 'old']);
  expect(await readFile(join(directory, 'old'), 'utf8')).toBe('after');
  expect(await readFile(join(directory, 'a/b/new'), 'utf8')).toBe('new');
});

test('replaceFiles restores replaced files when a later file cannot be replaced', async () => {
  await mkdir(join(directory, 'taken'));
  await expect(replace({ old: 'after', 'a/new': 'new', taken: 'no' })).rejects.toThrow(/EISDIR/);
  expect((await contents()).sort()).toEqual(['old', 'taken']);
  expect(await readFile(join(directory, 'old'), 'utf8')).toBe('before');
});

test('replaceFiles replaces no file when a temporary file cannot be written', async () => {
  await expect(replace({ old: 'after', 'old/below': 'no' })).rejects.toThrow(/ENOTDIR|EEXIST/);
  expect(await contents()).toEqual(['old']);
  expect(await readFile(join(directory, 'old'), 'utf8')).toBe('before');
});
