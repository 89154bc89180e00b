import { command, type KataCommand, regularExpression } from './kata-command.ts';

interface Options {
  readonly testNamePattern?: string;
}

/** `pnpm kata watch`. */
export function watchCommand(): KataCommand {
  return command('watch', 'Run specs again whenever a file of the agent in your checkout, or a spec, is saved')
    .argument('[files...]', 'spec files, or parts of their paths; without them, first those that failed last')
    .option(
      '-t, --testNamePattern <pattern>',
      'only tests whose names match this regular expression',
      regularExpression,
    )
    .addHelpText(
      'after',
      '\nNeeds katacontainers_repo, the path of a checkout, and katacontainers_branch=worktree. Set-up runs once. docs/inner-loop.md says what runs because of what.',
    )
    .action(async (files: readonly string[], { testNamePattern }: Options) =>
      (await import('./watch/run-watch.ts')).runWatch({ files, name: testNamePattern }),
    );
}
