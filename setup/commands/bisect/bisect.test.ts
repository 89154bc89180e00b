import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { run } from '../../../helpers/process/exec.ts';
import { type Answer, bisect, checkRange } from './bisect.ts';
import { cloneHistory } from './commits.ts';

/** Commits of the example repository, oldest first; those with even numbers change documents alone. */
const COUNT = 9;

let directory: string;
let repository: string;
const commits: string[] = [];

async function git(...args: string[]): Promise<string> {
  const author = ['-c', 'user.name=Test', '-c', 'user.email=test@kata.example'];
  return (await run(['git', '-C', repository, ...author, ...args])).stdout.trim();
}

/** Bisects between the first and the last commit; commits of `from` on are bad. */
function find(from: number, untestable: readonly number[] = [], asked: number[] = []) {
  const judge = async (commit: string): Promise<Answer> => {
    const number = commits.indexOf(commit);
    asked.push(number);
    if (untestable.includes(number)) return { untestable: 'it does not compile' };
    return number >= from ? 'bad' : 'good';
  };
  const range = { repository, good: commits[0] ?? '', bad: commits[COUNT - 1] ?? '', paths: ['.', ':(exclude)docs'] };
  return bisect(range, judge);
}

describe('git bisect without a worktree', () => {
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'kata-cc-bisect-test-'));
    repository = join(directory, 'origin');
    await run(['git', 'init', '--quiet', '--initial-branch=main', repository]);
    for (let number = 0; number < COUNT; number += 1) {
      const folder = number % 2 === 0 && number > 0 && number < COUNT - 1 ? 'docs' : 'src';
      await mkdir(join(repository, folder), { recursive: true });
      await writeFile(join(repository, folder, 'file'), String(number));
      await git('add', '.');
      await git('commit', '--quiet', '-m', `commit ${number}`);
      commits.push(await git('rev-parse', 'HEAD'));
    }
    const bare = join(directory, 'bare');
    await run(['git', 'clone', '--quiet', '--bare', '--shared', repository, bare]);
    repository = bare;
  });
  afterAll(() => rm(directory, { recursive: true, force: true }));

  test.for([1, 3, 5, 7, 8])(
    'bisect finds commit %i and the good one before it, and tests none of documents alone',
    async (from) => {
      const asked: number[] = [];
      const { commits: found, lastGood } = await find(from, [], asked);
      expect(found).toEqual([commits[from]]);
      expect(commits.indexOf(lastGood)).toBeLessThan(from);
      expect(asked.filter((number) => number % 2 === 0 && number < COUNT - 1)).toEqual([]);
    },
  );

  test('bisect skips commits that cannot be tested, and names all candidates if they are next to the culprit', async () => {
    expect((await find(7, [3])).commits).toEqual([commits[7]]);
    const { commits: candidates } = await find(5, [5]);
    expect([...candidates].sort()).toEqual([commits[5], commits[7]].sort());
  });

  test.for(['/nonexistent', '/etc'])('cloneHistory names the setting for %s, which is no repository', async (path) => {
    const cloning = cloneHistory({ kind: 'local', path }, directory, {}, new AbortController().signal);
    const line = `katacontainers_repo=${path}: fatal: repository '${path}' does not exist`;
    await expect(cloning).rejects.toThrow(expect.objectContaining({ message: line }));
  });

  test('checkRange rejects a good end that contains the bad one, and equal ends', async () => {
    const names = { good: '2.0', bad: '1.0' };
    const [first = '', second = ''] = commits;
    await expect(checkRange({ repository, good: second, bad: first }, names)).rejects.toThrow(
      '--good 2.0, --bad 1.0: --good must be the earlier one, and 2.0 contains 1.0',
    );
    await expect(checkRange({ repository, good: first, bad: first }, names)).rejects.toThrow('both are commit');
    await checkRange({ repository, good: first, bad: second }, names);
  });
});
