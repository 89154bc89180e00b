import { command, type KataCommand } from './kata-command.ts';

/** `pnpm kata faults`. */
export function faultsCommand(): KataCommand {
  return command('faults', 'Kill set-up at every step, damage artefacts, and run the fault suites; takes minutes')
    .addHelpText('after', '\nWrites faults.json in the directory of reports.')
    .action(async () => (await import('./faults/faults.ts')).runFaults());
}
