import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AS_ROOT, testWhere } from './contract/run-where.ts';
import { givenPath, whyNoDirectory } from './given-path.ts';
import { run } from './process/exec.ts';

test.for<[text: string, path: string]>([
  ['/a/b', '/a/b'],
  ['a', join(process.cwd(), 'a')],
  ['~/kata', join(homedir(), 'kata')],
  ['~', homedir()],
  ['~kata', join(process.cwd(), '~kata')],
  ['/a b/ü,"\\', '/a b/ü,"\\'],
])('the path %j is %s', ([text, path]) => {
  expect(givenPath(text)).toBe(path);
});

test.for(['', ' ', '/a\nb', '/a\r', '\t'])('the path %j is rejected', (text) => {
  expect(() => givenPath(text)).toThrow(/blank|control characters/);
});

test('whyNoDirectory rejects a directory on procfs, where a recursive mkdir never returns', () => {
  expect(whyNoDirectory('/proc/new/below')).toBe('/proc is on procfs, where no directory can be created');
});

describe('a directory', () => {
  let directory: string;
  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'kata-cc-path-'));
    writeFileSync(join(directory, 'file'), '');
    symlinkSync('/nowhere/x', join(directory, 'dangling'));
    symlinkSync(directory, join(directory, 'link'));
  });
  afterAll(() => rmSync(directory, { recursive: true }));

  testWhere(AS_ROOT)('on a read-only file system cannot be made', async () => {
    const mounted = join(directory, 'mounted');
    mkdirSync(mounted);
    await run(['mount', '-t', 'tmpfs', '-o', 'ro', 'none', mounted]);
    try {
      expect(whyNoDirectory(join(mounted, 'new'))).toBe(`${mounted} is on a file system that is mounted read-only`);
    } finally {
      await run(['umount', mounted]);
    }
  });

  test.for<[path: string, why: string | undefined]>([
    ['.', undefined],
    ['link', undefined],
    ['new/below/new', undefined],
    ['link/new', undefined],
    ['file', 'file is not a directory'],
    ['file/below/it', 'file is not a directory'],
    ['dangling/below', 'dangling is a symbolic link to something that is not there'],
  ])('%s can be made, or the reason is %s', ([path, why]) => {
    expect(whyNoDirectory(join(directory, path))).toBe(why && join(directory, why));
  });
});
