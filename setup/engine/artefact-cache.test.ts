import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { inspect, make, prune, whyChanged } from './artefact-cache.ts';
import { damageTo, recordContents } from './artefact-contents.ts';
import { artefact, exampleOptions } from './example-run.ts';

/** Path of a file that no test changes. */
const UNCHANGED = fileURLToPath(import.meta.url);

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'kata-cc-cache-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

describe('artefact of set-up', () => {
  const inspectThing = (file: string): ReturnType<typeof inspect> =>
    inspect(
      artefact('thing', async () => {}, { inputs: () => ({ files: { source: file } }) }),
      exampleOptions(directory),
      new Map(),
    );

  test('a set-up artefact is built once, and rebuilt after a change of an input, which the message names', async () => {
    const file = join(directory, 'source');
    await writeFile(file, 'one');
    const first = await inspectThing(file);
    expect(first.why).toBe('not built yet');
    await make(first, 'run', (into) => writeFile(join(into, 'result'), '1'));
    expect((await inspectThing(file)).why).toBeUndefined();
    await writeFile(file, 'two');
    expect((await inspectThing(file)).why).toBe('changed: source');
  });

  test.for<[damage: string, harm: (file: string) => Promise<unknown>, why: string]>([
    ['changed', (file) => writeFile(file, 'X'), 'damaged: the content of deep/result has changed'],
    ['truncated', (file) => truncate(file), 'damaged: deep/result has 0 bytes instead of 1'],
    ['removed', (file) => rm(file), 'damaged: deep/result is gone'],
  ])('a set-up artefact that was %s on disk is rebuilt', async ([, harm, why]) => {
    const look = (): ReturnType<typeof inspect> => inspectThing(UNCHANGED);
    const fill = async (into: string): Promise<void> => {
      await mkdir(join(into, 'deep'));
      await writeFile(join(into, 'deep', 'result'), '1');
    };
    const first = await look();
    await make(first, 'run', fill);
    expect((await look()).why).toBeUndefined();
    await harm(join(first.directory, 'deep', 'result'));
    const damaged = await look();
    expect(damaged.why).toBe(why);
    await make(damaged, 'run', fill);
    expect((await look()).why).toBeUndefined();
    expect(await readFile(join(first.directory, 'deep', 'result'), 'utf8')).toBe('1');
  });

  test('a cached artefact whose file content changed without a new ctime is reported as damaged a day later', async () => {
    const file = join(directory, 'rotten');
    await writeFile(file, 'good');
    await recordContents(directory);
    // A failing disk changes content but not ctime. The test writes the file and records the new ctime.
    const record = join(directory, '.contents.json');
    await writeFile(file, 'evil');
    const contents = JSON.parse(await readFile(record, 'utf8')) as { files: { rotten: { ctimeMs: number } } };
    contents.files.rotten.ctimeMs = (await stat(file)).ctimeMs;
    await writeFile(record, JSON.stringify(contents));
    expect(await damageTo(directory)).toBeUndefined();
    expect(await damageTo(directory, Date.now() + 25 * 3_600_000)).toBe('damaged: the content of rotten has changed');
  });

  test.for(['', '\0\0', 'null', '{"readAt":'])(
    'an artefact whose .contents.json is %j is reported as damaged',
    async (text) => {
      await writeFile(join(directory, '.contents.json'), text);
      expect(await damageTo(directory)).toBe('damaged: .contents.json is invalid');
    },
  );

  test.for(['', 'null', '{'])(
    'an artefact is built although the .made-from.json of another one is %j and the cache contains a dangling link',
    async (text) => {
      const kind = join(directory, 'cache', 'thing');
      await mkdir(join(kind, 'other'), { recursive: true });
      await writeFile(join(kind, 'other', '.made-from.json'), text);
      await symlink('/nowhere', join(kind, 'link'));
      const state = await inspectThing(UNCHANGED);
      expect(state.why).toBe('not built yet');
      await make(state, 'run', async () => {});
      await prune(state);
      expect(await readdir(kind)).toHaveLength(3);
    },
  );

  test('an artefact whose build fails leaves no files in the cache', async () => {
    const state = await inspectThing(UNCHANGED);
    await expect(make(state, 'run', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await readdir(join(directory, 'cache', 'thing'))).toEqual([]);
  });

  test('whyChanged says that an artefact is missing from the cache', () => {
    expect(whyChanged({ a: '1' }, { a: '1' })).toBe('it is missing from the cache');
    expect(whyChanged({ a: '1', b: '1' }, { a: '2', b: '1' })).toBe('changed: a');
  });
});
