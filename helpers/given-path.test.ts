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
])('givenPath resolves the path %j to %s', ([text, path]) => {
  expect(givenPath(text)).toBe(path);
});

test.for(['', ' ', '/a\nb', '/a\r', '\t'])('givenPath rejects the path %j', (text) => {
  expect(() => givenPath(text)).toThrow(/blank|control characters/);
});

test('whyNoDirectory rejects a directory on procfs, where a recursive mkdir never returns', () => {
  expect(whyNoDirectory('/proc/new/below')).toBe('/proc is on procfs, where no directory can be created');
});

describe('whyNoDirectory', () => {
  let directory: string;
  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'kata-cc-path-'));
    writeFileSync(join(directory, 'file'), '');
    symlinkSync('/nowhere/x', join(directory, 'dangling'));
    symlinkSync(directory, join(directory, 'link'));
  });
  afterAll(() => rmSync(directory, { recursive: true }));

  testWhere(AS_ROOT)('whyNoDirectory returns the reason for a directory on a read-only file system', async () => {
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
    ['dangling/below', 'dangling is a dangling symbolic link'],
  ])('whyNoDirectory for the path %s returns the reason %s', ([path, why]) => {
    expect(whyNoDirectory(join(directory, path))).toBe(why && join(directory, why));
  });
});
