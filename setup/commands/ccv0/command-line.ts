import { ConfigError } from '../../../helpers/errors.ts';
import { readArguments } from '../../../helpers/process/arguments.ts';
import { didYouMean } from '../../../helpers/text/nearest.ts';
import type { Choice } from '../../session/selection.ts';

/** The parsed command line of `pnpm ccv0`. */
export interface CommandLine {
  readonly command: string;
  readonly debug: boolean;
  /** The set-up steps to which a build is limited; set only by an option. */
  readonly choice?: Choice;
  readonly args: readonly string[];
}

const OPTIONS = {
  debug: { type: 'boolean', short: 'd' },
  help: { type: 'boolean', short: 'h' },
  from: { type: 'string' },
  only: { type: 'string' },
  force: { type: 'boolean' },
} as const;

/**
 * Parses the command line of `pnpm ccv0`: `[-d] [-h] [--from STEP] [--only STEP,...] [--force] <command> [arguments]`.
 * Throws {@link ConfigError}, which suggests the nearest name, for an unknown command or option.
 */
export function parseCommandLine(words: readonly string[], commands: readonly string[]): CommandLine {
  const { positionals, values } = readArguments({ args: words, allowPositionals: true, options: OPTIONS });
  const [command = 'help', ...args] = values.help ? ['help'] : positionals;
  if (!commands.includes(command)) {
    throw new ConfigError(
      `no command ${command}${didYouMean(command, commands) || ';'} \`pnpm ccv0 help\` lists them all`,
    );
  }
  const choice: Choice = {
    ...(values.from === undefined ? {} : { from: values.from }),
    ...(values.only === undefined ? {} : { only: values.only.split(',') }),
    ...(values.force ? { force: true } : {}),
  };
  const given = Object.keys(choice).length > 0 ? { choice } : {};
  return { command, args, debug: values.debug ?? false, ...given };
}
