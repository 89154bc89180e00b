import { InvalidArgumentError } from 'commander';
import { command, type KataCommand } from './kata-command.ts';

/** A week. Timers of Node.js end at once after more than 24 days. */
const MOST_MINUTES = 7 * 24 * 60;

/** `pnpm kata fuzz`. */
export function fuzzCommand(): KataCommand {
  return command('fuzz', 'Test the properties that hold for any input from a peer; `pnpm check` does so briefly')
    .option('--minutes <number>', 'duration', minutes, 10)
    .action(async (options: { readonly minutes: number }) =>
      (await import('../../helpers/fuzz/fuzz.ts')).runFuzz(options.minutes),
    );
}

function minutes(text: string): number {
  const number = Number(text);
  if (!(number > 0 && number <= MOST_MINUTES)) {
    throw new InvalidArgumentError(`Expected a number above 0, and at most ${MOST_MINUTES}.`);
  }
  return number;
}
