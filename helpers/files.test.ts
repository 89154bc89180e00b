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

test('firstExecutable returns the first executable path of a list', async () => {
  expect(await first('missing', 'data', 'one', 'two')).toBe(join(directory, 'one'));
  expect(await first('two', 'one')).toBe(join(directory, 'two'));
});

test('firstExecutable returns undefined if no path is executable', async () => {
  expect(await first('missing', 'data')).toBeUndefined();
});

test('readIfThere, namesIn and ifThere treat a missing path, and a path below a file, as absent', async () => {
  for (const path of [join(directory, 'missing'), join(directory, 'data', 'below')]) {
    expect([await isThere(path), await readIfThere(path), await namesIn(path)]).toEqual([false, undefined, []]);
  }
  expect([await isThere(join(directory, 'data')), await readIfThere(join(directory, 'data'))]).toEqual([true, '']);
});

test('readIfThere, namesIn and ifThere reject for any failure except a missing path', async () => {
  await expect(readIfThere(directory)).rejects.toMatchObject({ code: 'EISDIR' });
  await expect(ifThere(Promise.reject(new TypeError('x is not a function')))).rejects.toThrow('x is not a function');
});
