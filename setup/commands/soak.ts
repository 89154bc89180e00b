import { command, type KataCommand, wholeNumberFrom } from './kata-command.ts';
import { SAMPLES } from './soak/samples.ts';

/** `pnpm kata soak`. */
export function soakCommand(): KataCommand {
  const number = wholeNumberFrom(SAMPLES, 1_000_000);
  return command('soak', 'Start and stop guests and pull images, and fail if memory, files or processes grow')
    .option('--guests <number>', 'number of guests', number, 200)
    .option('--pulls <number>', 'number of pulls', number, 2_000)
    .addHelpText('after', '\nWrites soak.json in the directory of reports.')
    .action(async (options) => (await import('./soak/soak.ts')).runSoak(options));
}
