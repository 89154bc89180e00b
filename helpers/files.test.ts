import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { firstExecutable } from './files.ts';

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'kata-cc-files-'));
  for (const [name, mode] of [
    ['data', 0o644],
    ['one', 0o755],
    ['two', 0o755],
  ] as const) {
    await writeFile(join(directory, name), '');
    await chmod(join(directory, name), mode);
  }
});
afterAll(() => rm(directory, { recursive: true, force: true }));

const first = (...names: string[]): Promise<string | undefined> =>
  firstExecutable(names.map((name) => join(directory, name)));

test('the first that can be executed is taken, wherever in the list it stands', async () => {
  expect(await first('missing', 'data', 'one', 'two')).toBe(join(directory, 'one'));
  expect(await first('two', 'one')).toBe(join(directory, 'two'));
});

test('where none can there is none', async () => {
  expect(await first('missing', 'data')).toBeUndefined();
});
