import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { run } from '../../../helpers/process/exec.ts';
import { loadConfig } from '../../config/config.ts';
import { findReleases } from './find-releases.ts';
import { readReport } from './run-releases.ts';

let directory: string;
let repository: string;

async function git(...args: string[]): Promise<string> {
  const author = ['-c', 'user.name=Test', '-c', 'user.email=test@kata.example'];
  return (await run(['git', '-C', repository, ...author, ...args])).stdout.trim();
}

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'kata-cc-releases-'));
  repository = join(directory, 'kata');
  await run(['git', 'init', '--quiet', '--initial-branch=main', repository]);
  await git('commit', '--quiet', '--allow-empty', '-m', 'one');
  await git('tag', 'no-kata');
  await writeFile(join(repository, 'VERSION'), '3.2.0\n');
  await git('add', '--all');
  await git('commit', '--quiet', '-m', 'two');
  await git('tag', '3.2.0');
});
afterAll(() => rm(directory, { recursive: true, force: true }));

function find(...names: string[]) {
  const config = loadConfig({ KATA_CACHE_DIR: join(directory, 'cache'), katacontainers_repo: repository });
  return findReleases(names, config, new AbortController().signal);
}

test('findReleases names each commit once, by the first of its names', async () => {
  const commit = await git('rev-parse', 'HEAD');
  expect(await find('3.2.0', 'main', commit, '3.2.0')).toEqual([{ release: '3.2.0', commit, version: '3.2.0' }]);
});

test.for([
  ['nope', /^nope: .* has no branch, tag or commit nope$/],
  ['worktree', /^worktree: releases are commits; commit the changes, and name the branch$/],
  ['no-kata', /^no-kata: .*kata at [0-9a-f]{10} has no file VERSION$/],
] as const)('findReleases rejects %s in one line', async ([name, line]) => {
  await expect(find('3.2.0', name)).rejects.toThrow(line);
});

test('readReport names a releases.json that is damaged', async () => {
  await writeFile(join(directory, 'releases.json'), '{"rel');
  const line = `${directory}/releases.json: it is no report of releases; remove it`;
  await expect(readReport({ reportsDir: directory })).rejects.toThrow(line);
});
