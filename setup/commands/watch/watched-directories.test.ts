import { mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { watchDirectories } from './watched-directories.ts';

let top: string;
let changed: string[];
let problems: unknown[];
let watching: Disposable;
beforeEach(async () => {
  top = await mkdtemp(join(tmpdir(), 'kata-cc-watched-'));
  [changed, problems] = [[], []];
  const directories = async (): Promise<readonly string[]> => {
    const entries = await readdir(top, { withFileTypes: true });
    return [top, ...entries.filter((entry) => entry.isDirectory()).map(({ name }) => join(top, name))];
  };
  const onChange = (paths: readonly string[]): void => void changed.push(...paths);
  watching = await watchDirectories({ directories, onChange, onProblem: (problem) => void problems.push(problem) });
});
afterEach(async () => {
  watching[Symbol.dispose]();
  await rm(top, { recursive: true, force: true });
});

const reported = (path: string) => expect.poll(() => changed, { timeout: 10_000 }).toContain(path);

test('a written and a renamed file are reported', async () => {
  await writeFile(join(top, 'a'), '1');
  await reported(join(top, 'a'));
  await rename(join(top, 'a'), join(top, 'b'));
  await reported(join(top, 'b'));
});

test('a file in a directory that appeared later, or took the place of another one, is reported', async () => {
  const inner = join(top, 'inner');
  for (const name of ['first', 'second']) {
    await rm(inner, { recursive: true, force: true });
    await mkdir(inner);
    await reported(inner);
    // The new directory is watched some time after it was reported.
    const file = join(inner, name);
    await expect
      .poll(
        async () => {
          await writeFile(file, String(Math.random()));
          return changed;
        },
        { timeout: 10_000, interval: 200 },
      )
      .toContain(file);
  }
});

test('a directory that is gone is a problem, until it is there again', async () => {
  await rename(top, `${top}-away`);
  await expect.poll(() => problems, { timeout: 10_000 }).toEqual([expect.objectContaining({ code: 'ENOENT' })]);
  await rename(`${top}-away`, top);
  await expect
    .poll(() => problems, { timeout: 10_000 })
    .toEqual([expect.objectContaining({ code: 'ENOENT' }), undefined]);
  await writeFile(join(top, 'a'), '1');
  await reported(join(top, 'a'));
});

test('nothing is reported after the end', async () => {
  watching[Symbol.dispose]();
  await writeFile(join(top, 'a'), '1');
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(changed).toEqual([]);
});
