import { command, type KataCommand } from './kata-command.ts';

/** `pnpm kata mutants`. */
export function mutantsCommand(): KataCommand {
  return command('mutants', 'Run the suites with mutations of the stand-in agent, each of which must fail a spec')
    .argument(
      '[names...]',
      'names of mutants in setup/commands/mutants/catalogue.ts, or with --mute of methods; all by default',
    )
    .option('--mute', 'instead mute methods of the agent, or fields of their requests, named as in KATA_MUTE')
    .addHelpText(
      'after',
      '\nWrites mutants.json, or with --mute mutes.json, in the directory of reports. Exit code 1 if a mutant survives.',
    )
    .action(async (names: readonly string[], { mute }: { readonly mute?: true }) =>
      mute
        ? (await import('./mutants/mutes.ts')).runMutes(names)
        : (await import('./mutants/mutants.ts')).runMutants(names),
    );
}
