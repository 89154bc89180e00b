import { command, type KataCommand } from './kata-command.ts';

/** `pnpm kata bench`. */
export function benchCommand(): KataCommand {
  return command('bench', 'Measure set-up, guests, pulls and calls as ratios within one run')
    .argument('[names...]', 'names of benches; all by default')
    .addHelpText('after', '\nWrites bench.json in the directory of reports. Exit code 1 if a bound is not kept.')
    .action(async (names: readonly string[]) => (await import('./bench/bench.ts')).runBenches(names));
}
