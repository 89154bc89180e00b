import { Command, InvalidArgumentError } from 'commander';
import { nearest } from '../../helpers/text/nearest.ts';

/**
 * A command of `pnpm kata`: suggests the nearest command for an unknown one, names its help in errors, and as a group
 * without a command shows its help with exit code 0.
 */
export class KataCommand extends Command {
  constructor(name?: string) {
    super(name);
    this.showHelpAfterError('Add --help for the usage.');
    this.on('command:*', ([unknown = '']: readonly string[]) => this.rejectCommand(unknown));
  }

  override createCommand(name?: string): KataCommand {
    return new KataCommand(name);
  }

  override help(): never {
    return super.help();
  }

  /** Exits with 1 because this group has no such command, and suggests the nearest. */
  rejectCommand(unknown: string): never {
    const names = this.createHelp()
      .visibleCommands(this)
      .map((command) => command.name());
    const meant = nearest(unknown, names);
    const suggestion = meant === undefined ? '' : `\n(Did you mean ${meant}?)`;
    return this.error(`error: unknown command '${unknown}'${suggestion}`, { code: 'commander.unknownCommand' });
  }
}

/** Declares a command with a description of one sentence. */
export function command(name: string, description: string): KataCommand {
  return new KataCommand(name).description(description);
}

/** Parser of an option whose value is a whole number of at least `least`. */
export function wholeNumberFrom(least: number): (text: string) => number {
  return (text) => {
    const number = Number(text);
    if (!Number.isInteger(number) || number < least) {
      throw new InvalidArgumentError(`Expected a whole number of at least ${least}.`);
    }
    return number;
  };
}

/**
 * The words without each `--` before or between names of commands: some versions of pnpm pass on the one that ends pnpm's own
 * options.
 */
export function withoutSeparators(words: readonly string[], program: Command): readonly string[] {
  const [first, ...others] = words;
  if (first === undefined) return [];
  if (first === '--') return withoutSeparators(others, program);
  const named = program.commands.find((candidate) => candidate.name() === first);
  return named === undefined ? words : [first, ...withoutSeparators(others, named)];
}
