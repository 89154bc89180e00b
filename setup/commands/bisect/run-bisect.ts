import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TargetName } from '../../../helpers/contract/target.ts';
import { HarnessError, messageOf } from '../../../helpers/errors.ts';
import { parseRepository } from '../../../helpers/git/repository.ts';
import { inTemporaryDirectory } from '../../../helpers/temporary-directory.ts';
import { loadConfig } from '../../config/config.ts';
import { takeOverSignals } from '../../engine/interrupt.ts';
import { type Report, runSuites } from '../mutants/run-suites.ts';
import { buildAgent } from '../releases/build-agent.ts';
import { errorLine } from '../releases/error-line.ts';
import { type Answer, bisect, checkRange } from './bisect.ts';
import { AGENT_PATHS, cloneHistory, commitOf, describeCommit } from './commits.ts';
import { requireTest } from './find-test.ts';
import { firstFailure, judge } from './judge.ts';

/** Options of `pnpm kata bisect`. */
export interface BisectOptions {
  readonly good: string;
  readonly bad: string;
  /** Selects tests of the file by name, as Vitest's option of this name. */
  readonly testNamePattern?: string;
}

const RUN_MS = 900_000;

/**
 * Finds the commit of the Kata repository with whose agent the tests of a spec file fail for the first time. Prints it, and
 * where the reports of the last good and of the first bad agent are.
 */
export async function runBisect(file: string, options: BisectOptions): Promise<void> {
  const config = loadConfig();
  const target = config.target === 'auto' ? 'vm' : config.target;
  const signal = takeOverSignals(() => {});
  const args = options.testNamePattern === undefined ? [] : ['-t', options.testNamePattern];
  await requireTest(file, args, signal);
  const from = parseRepository(config.kataRepo);
  await inTemporaryDirectory(join(tmpdir(), 'kata-cc-bisect-'), async (directory) => {
    const repository = await cloneHistory(from, directory, config.outbound.network, signal);
    const good = await commitOf(repository, '--good', options.good, from);
    const bad = await commitOf(repository, '--bad', options.bad, from);
    await checkRange({ repository, good, bad }, options);
    const reports = join(config.reportsDir, 'bisect');
    await rm(reports, { recursive: true, force: true });
    const test = (commit: string) => testCommit(commit, { file, args, target, reports, signal });

    await requireAnswer('good', options.good, await test(good));
    await requireAnswer('bad', options.bad, await test(bad));
    const judged = async (commit: string): Promise<Answer> => {
      const { answer, says } = await test(commit);
      const shown = typeof answer === 'string' ? answer : `skipped: ${answer.untestable}`;
      console.log(`${await describeCommit(repository, commit)}: ${shown}${answer === 'bad' ? `: ${says}` : ''}`);
      return answer;
    };
    const { commits, lastGood } = await bisect({ repository, good, bad, paths: AGENT_PATHS }, judged, signal);
    console.log(await conclusion(commits, lastGood, repository, reports));
  });
}

/** Result of a run against one commit's agent. */
interface Tested {
  readonly answer: Answer;
  /** Message of the first failure. */
  readonly says: string;
}

interface Question {
  readonly file: string;
  readonly args: readonly string[];
  readonly target: TargetName;
  /** Directory of the reports, with one directory for each commit. */
  readonly reports: string;
  readonly signal: AbortSignal;
}

/** Builds a commit's agent and runs the tests against it. An agent without a report cannot be tested. */
async function testCommit(commit: string, { args, file, reports, signal, target }: Question): Promise<Tested> {
  let report: Report;
  try {
    await buildAgent(commit, target, signal);
    report = await runSuites([file], {
      environment: { KATA_TARGET: target, KATA_AGENT: 'source', katacontainers_branch: commit },
      inherit: true,
      args,
      reportsDir: join(reports, commit),
      timeoutMs: RUN_MS,
      signal,
    });
  } catch (error) {
    signal.throwIfAborted();
    return { answer: { untestable: errorLine(error) }, says: messageOf(error) };
  }
  return { answer: judge(report), says: firstFailure(report) };
}

/** Throws unless an end of the range answers as the user says. */
async function requireAnswer(wanted: 'good' | 'bad', name: string, { answer, says }: Tested): Promise<void> {
  if (answer === wanted) return console.log(`--${wanted} ${name}: ${answer === 'good' ? 'the claim holds' : says}`);
  const why =
    typeof answer === 'object'
      ? `it cannot be tested: ${answer.untestable}`
      : answer === 'good'
        ? 'the claim holds'
        : `the claim fails: ${says}`;
  throw new HarnessError('bisect', `--${wanted} ${name}: ${why}`);
}

async function conclusion(
  commits: readonly string[],
  lastGood: string,
  repository: string,
  reports: string,
): Promise<string> {
  const described = await Promise.all(commits.map((commit) => describeCommit(repository, commit)));
  const found =
    commits.length === 1
      ? ['first bad commit:', ...described]
      : ['one of these commits is the first bad one; the others before it cannot be tested:', ...described];
  const last = commits.length === 1 ? commits : [];
  const pages = [lastGood, ...last].map((commit) => join(reports, commit, 'index.html'));
  return ['', ...found, '', `reports of the last good and the first bad agent:`, ...pages].join('\n');
}
