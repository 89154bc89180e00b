import { parseArgs } from 'node:util';
import { ConfigError, messageOf } from '../../helpers/errors.ts';
import { nearest } from '../../helpers/nearest.ts';
import type { Choice } from '../selection.ts';

/** What was asked for on the command line of `pnpm ccv0`. */
export interface CommandLine {
  readonly command: string;
  readonly debug: boolean;
  /** Which steps a build is limited to; set only when an option says so. */
  readonly choice?: Choice;
  readonly args: readonly string[];
}

/**
 * Reads `[-d] [-h] [--from STEP] [--only STEP,...] [--force] <command> [arguments]`. Throws {@link ConfigError}: for a
 * command nobody knows with the nearest one.
 */
export function parseCommandLine(words: readonly string[], commands: readonly string[]): CommandLine {
  const { positionals, values } = parse(words);
  const [command = 'help', ...args] = values.help ? ['help'] : positionals;
  if (!commands.includes(command)) {
    throw new ConfigError(
      `no command ${command}; did you mean ${nearest(command, commands)}? \`pnpm ccv0 help\` lists them all`,
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

function parse(words: readonly string[]) {
  try {
    return parseArgs({
      args: [...words],
      allowPositionals: true,
      options: {
        debug: { type: 'boolean', short: 'd' },
        help: { type: 'boolean', short: 'h' },
        from: { type: 'string' },
        only: { type: 'string' },
        force: { type: 'boolean' },
      },
    });
  } catch (error) {
    throw new ConfigError(messageOf(error));
  }
}
