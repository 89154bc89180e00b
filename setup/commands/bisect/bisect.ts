import { HarnessError } from '../../../helpers/errors.ts';
import { git } from '../../../helpers/git/command.ts';
import { ExecError } from '../../../helpers/process/exec.ts';

/** Answer of the judge about one commit: whether the claim holds, or why the commit cannot be tested. */
export type Answer = 'good' | 'bad' | { readonly untestable: string };

/** Range of commits, and the paths that count. */
export interface Range {
  /** Bare repository that git bisect may write to. */
  readonly repository: string;
  readonly good: string;
  readonly bad: string;
  /** Pathspecs of the commits that are tested. */
  readonly paths: readonly string[];
}

/** The first commit with which the claim fails, or the commits among which it is. */
export interface Culprits {
  readonly commits: readonly string[];
  /** The last commit before it that was tested and good. */
  readonly lastGood: string;
}

/** Exit codes of git bisect that are answers. Source: git-bisect(1), builtin/bisect.c. */
const ANSWERS = [0, 2];

/**
 * Runs `git bisect` without checking anything out: `judge` answers for each commit that git asks for. The ends of the
 * range are the caller's to judge. A commit that cannot be tested is skipped.
 */
export async function bisect(
  { bad, good, paths, repository }: Range,
  judge: (commit: string) => Promise<Answer>,
  signal?: AbortSignal,
): Promise<Culprits> {
  const run = (...args: string[]): Promise<string> =>
    git(repository, ['bisect', ...args], { signal, okCodes: ANSWERS }).catch((cause: unknown) => {
      throw cause instanceof ExecError ? refusal(cause) : cause;
    });
  let lastGood = good;
  let said = await run('start', '--no-checkout', bad, good, '--', ...paths);
  for (;;) {
    const commits = culpritsIn(said);
    if (commits.length > 0) return { commits, lastGood };
    const commit = (await git(repository, ['rev-parse', '--verify', 'BISECT_HEAD'], { signal })).trim();
    const answer = await judge(commit);
    if (answer === 'good') lastGood = commit;
    said = await run(typeof answer === 'string' ? answer : 'skip', commit);
  }
}

/** Why git bisect cannot go on, for example because the claim fails with the merge base of both ends. */
function refusal(error: ExecError): HarnessError {
  const said = (error.stdout.trim() || error.stderr.trim()).replaceAll(/\s*\n\s*/g, ' ');
  return new HarnessError('bisect', `git bisect: ${said || error.message}`, { cause: error });
}

/** The commits that the output of git bisect names as the first bad one; none while it asks for another test. */
function culpritsIn(said: string): readonly string[] {
  const [, first] = /^([0-9a-f]{40}) is the first bad commit$/m.exec(said) ?? [];
  if (first !== undefined) return [first];
  const [, listed] = /could be any of:\n((?:[0-9a-f]{40}\n)+)/.exec(said) ?? [];
  return listed?.trim().split('\n') ?? [];
}

/** Throws unless there is something to bisect between two commits. */
export async function checkRange(
  { repository, good, bad }: Pick<Range, 'repository' | 'good' | 'bad'>,
  names: Readonly<Record<'good' | 'bad', string>>,
): Promise<void> {
  const ends = `--good ${names.good}, --bad ${names.bad}`;
  if (good === bad) throw new HarnessError('bisect', `${ends}: both are commit ${good.slice(0, 10)}`);
  const between = await git(repository, ['rev-list', '--count', `${good}..${bad}`]);
  if (Number(between) === 0) {
    throw new HarnessError(
      'bisect',
      `${ends}: --good must be the earlier one, and ${names.good} contains ${names.bad}`,
    );
  }
}
