import { Command, InvalidArgumentError } from 'commander';
import { messageOf } from '../../helpers/errors.ts';
import { nearest } from '../../helpers/text/nearest.ts';

/**
 * A command of `pnpm kata`: suggests the nearest command for an unknown one, names its help in errors, and as a group
 * without a command shows its help with exit code 0.
 */
export class KataCommand extends Command {
  #passesOn = false;

  constructor(name?: string) {
    super(name);
    this.showHelpAfterError('Add --help for the usage.');
    this.hook('preAction', () => this.#rejectEmptyValues());
    this.on('command:*', ([unknown = '']: readonly string[]) => this.rejectCommand(unknown));
  }

  override createCommand(name?: string): KataCommand {
    return new KataCommand(name);
  }

  override help(): never {
    return super.help();
  }

  override passThroughOptions(passThrough = true): this {
    this.#passesOn = passThrough;
    return super.passThroughOptions(passThrough);
  }

  /** Exits with 1 if a value is blank: an unset variable of the user's shell must not stand for a default. */
  #rejectEmptyValues(): void {
    const options = this.options.map((option): readonly [string, unknown] => [
      `option '${option.flags}'`,
      this.getOptionValue(option.attributeName()),
    ]);
    // A command that passes its arguments on leaves them to the program that it runs.
    const names = this.#passesOn ? [] : this.registeredArguments;
    const values = names.map((argument, index): readonly [string, unknown] => [
      `argument '${argument.name()}'`,
      argument.variadic ? this.args.slice(index) : this.args[index],
    ]);
    for (const [what, value] of [...options, ...values]) {
      const blank = [value].flat().find((one) => typeof one === 'string' && one.trim() === '');
      if (blank !== undefined) this.error(`error: ${what} is empty: '${blank}'`);
    }
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

/** Parser of an option whose value is a whole number of at least `least` and, if given, at most `most`. */
export function wholeNumberFrom(least: number, most?: number): (text: string) => number {
  return (text) => {
    const number = Number(text);
    if (!/^\d+$/.test(text) || number < least || number > (most ?? Number.MAX_SAFE_INTEGER)) {
      const bounds = most === undefined ? `of at least ${least}` : `from ${least} to ${most}`;
      throw new InvalidArgumentError(`Expected a whole number ${bounds}.`);
    }
    return number;
  };
}

/** An option's text, if it is a regular expression. */
export function regularExpression(text: string): string {
  try {
    new RegExp(text);
    return text;
  } catch (error) {
    throw new InvalidArgumentError(messageOf(error));
  }
}

/** The words of a command line as commander understands them. Exits with 1 if they ask for the help of no command. */
export function readWords(words: readonly string[], program: KataCommand): readonly string[] {
  return withHelpOption(withoutSeparators(words, program), program);
}

/**
 * The words with `--help` after the command instead of `help` before it or its name: commander shows the help of the
 * group, with exit code 0, for a command that does not exist, and ignores all but the first name after `help`.
 */
function withHelpOption(words: readonly string[], group: Command): readonly string[] {
  const [first, ...others] = words;
  if (first === undefined || first.startsWith('-') || group.commands.length === 0) return words;
  if (first === 'help') return helpOf(others, group);
  return [first, ...withHelpOption(others, named(first, group))];
}

function helpOf(words: readonly string[], of: Command): readonly string[] {
  const [first, ...others] = words;
  if (first === undefined || first === 'help' || first.startsWith('-')) return ['--help'];
  return [first, ...helpOf(others, named(first, of))];
}

/** The command with this name. Exits with 1 if the group has none. */
function named(name: string, group: Command): Command {
  const found = group.commands.find((candidate) => candidate.name() === name);
  if (found !== undefined) return found;
  if (group instanceof KataCommand) return group.rejectCommand(name);
  throw new Error(`${group.name()} is not a KataCommand`);
}

/**
 * The words without each `--` before or between names of commands: some versions of pnpm pass on the one that ends pnpm's own
 * options.
 */
function withoutSeparators(words: readonly string[], program: Command): readonly string[] {
  const [first, ...others] = words;
  if (first === undefined) return [];
  if (first === '--') return withoutSeparators(others, program);
  const named = program.commands.find((candidate) => candidate.name() === first);
  return named === undefined ? words : [first, ...withoutSeparators(others, named)];
}
