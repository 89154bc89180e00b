import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { AS_ROOT, testWhere } from './contract/run-where.ts';
import { removeEmptyDirectories } from './empty-directories.ts';
import { isThere } from './files.ts';
import { unmountIfMounted } from './namespace/mounts.ts';
import { run } from './process/exec.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'kata-cc-empty-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

test('removeEmptyDirectories removes directories that contain only directories, and keeps one with a file', async () => {
  await mkdir(join(directory, 'top/one/two'), { recursive: true });
  await mkdir(join(directory, 'top/used/empty'), { recursive: true });
  await writeFile(join(directory, 'top/used/file'), '');
  await removeEmptyDirectories(join(directory, 'top'));
  expect(await readdir(join(directory, 'top'), { recursive: true })).toEqual(['used', 'used/file']);
  await rm(join(directory, 'top/used/file'));
  await removeEmptyDirectories(join(directory, 'top'));
  await removeEmptyDirectories(join(directory, 'top'));
  expect(await readdir(directory)).toEqual([]);
});

testWhere(AS_ROOT)(
  'removeEmptyDirectories unmounts a directory that is mounted on itself, if it is empty',
  async () => {
    const path = join(directory, 'netns');
    await mkdir(path);
    await run(['mount', '--bind', path, path]);
    try {
      await writeFile(join(path, 'used'), '');
      await removeEmptyDirectories(path);
      expect(await readdir(path)).toEqual(['used']);
      await rm(join(path, 'used'));
      await removeEmptyDirectories(path);
      expect(await isThere(path)).toBe(false);
    } finally {
      await unmountIfMounted(path);
    }
  },
);
