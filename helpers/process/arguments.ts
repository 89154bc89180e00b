import { type ParseArgsConfig, parseArgs } from 'node:util';
import { ConfigError, messageOf } from '../errors.ts';
import { didYouMean } from '../text/nearest.ts';

/**
 * Parses a command line with Node.js's `parseArgs`, by default the one of this process. Throws a {@link ConfigError}
 * for undeclared arguments, which suggests the nearest option for an unknown one. `--help` and `-h`, where a command
 * does not declare them itself, print `usage` (by default the options) and end the process.
 */
export function readArguments<const T extends ParseArgsConfig>(
  config: T,
  usage = describeOptions(config),
): ReturnType<typeof parseArgs<T>> {
  const words = config.args ?? process.argv.slice(2);
  if (config.options?.['help'] === undefined && words.some((word) => word === '--help' || word === '-h')) {
    console.log(usage);
    process.exit(0);
  }
  try {
    return parseArgs(config);
  } catch (error) {
    const unknown = /^Unknown option '(-[^']*)'/.exec(messageOf(error))?.[1];
    if (unknown === undefined) throw new ConfigError(messageOf(error), { cause: error });
    const names = optionNames(config);
    const known = names.length === 0 ? '; there are none' : `; there are ${names.join(', ')}`;
    throw new ConfigError(`no option ${unknown}${didYouMean(unknown, names) || known}`, { cause: error });
  }
}

function optionNames({ options = {} }: ParseArgsConfig): readonly string[] {
  return Object.entries(options).flatMap(([name, { short }]) => [`--${name}`, ...(short ? [`-${short}`] : [])]);
}

function describeOptions(config: ParseArgsConfig): string {
  const names = optionNames(config);
  return names.length === 0 ? 'This command has no options.' : `Options: ${names.join(', ')}`;
}

/** Like {@link readArguments}, for scripts: on an error, prints the message and exits with 1. */
export function readArgumentsOrExit<const T extends ParseArgsConfig>(config: T): ReturnType<typeof parseArgs<T>> {
  try {
    return readArguments(config);
  } catch (error) {
    console.error(messageOf(error));
    process.exit(1);
  }
}
