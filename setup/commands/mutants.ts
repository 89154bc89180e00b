import { command, type KataCommand } from './kata-command.ts';

/** `pnpm kata mutants`. */
export function mutantsCommand(): KataCommand {
  return command('mutants', 'Run the suites with mutations of the stand-in agent, each of which must fail a spec')
    .argument('[names...]', 'names of mutants in setup/commands/mutants/catalogue.ts; all by default')
    .addHelpText('after', '\nWrites mutants.json in the directory of reports. Exit code 1 if a mutant survives.')
    .action(async (names: readonly string[]) => (await import('./mutants/mutants.ts')).runMutants(names));
}
