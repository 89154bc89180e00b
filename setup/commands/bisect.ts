import { command, type KataCommand, regularExpression } from './kata-command.ts';

interface Options {
  readonly good: string;
  readonly bad: string;
  readonly testNamePattern?: string;
}

/** `pnpm kata bisect`. */
export function bisectCommand(): KataCommand {
  return command('bisect', 'Find the commit of Kata with whose agent a test fails for the first time')
    .argument('<file>', 'spec file, such as suites/agent/agent.spec.ts')
    .requiredOption(
      '--good <revision>',
      'earlier tag, branch or commit of katacontainers_repo, with which the test passes',
    )
    .requiredOption('--bad <revision>', 'later revision, with which the test fails')
    .option(
      '-t, --testNamePattern <pattern>',
      'only tests whose names match this regular expression',
      regularExpression,
    )
    .addHelpText(
      'after',
      '\nBuilds the agent of each commit that git bisect asks for, and skips those that do not build. Reports of the agents are in the directory bisect of the directory of reports.',
    )
    .action(async (file: string, options: Options) =>
      (await import('./bisect/run-bisect.ts')).runBisect(file, options),
    );
}
