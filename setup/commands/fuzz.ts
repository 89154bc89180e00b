import { InvalidArgumentError } from 'commander';
import { command, type KataCommand } from './kata-command.ts';

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
  if (!(number > 0)) throw new InvalidArgumentError('Expected a number above 0.');
  return number;
}
