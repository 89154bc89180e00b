import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { firstExecutable, ifThere, isThere, namesIn, readIfThere } from './files.ts';

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

test('a path that is not there, or below something that is no directory, is not there', async () => {
  for (const path of [join(directory, 'missing'), join(directory, 'data', 'below')]) {
    expect([await isThere(path), await readIfThere(path), await namesIn(path)]).toEqual([false, undefined, []]);
  }
  expect([await isThere(join(directory, 'data')), await readIfThere(join(directory, 'data'))]).toEqual([true, '']);
});

test('what cannot be read for another reason is an error, and not taken for absent', async () => {
  await expect(readIfThere(directory)).rejects.toMatchObject({ code: 'EISDIR' });
  await expect(ifThere(Promise.reject(new TypeError('x is not a function')))).rejects.toThrow('x is not a function');
});
