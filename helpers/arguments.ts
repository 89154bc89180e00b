import { type ParseArgsConfig, parseArgs } from 'node:util';
import { ConfigError, messageOf } from './errors.ts';
import { didYouMean } from './nearest.ts';

/**
 * Parses a command line with Node.js's `parseArgs`, by default that of this process. Throws a {@link ConfigError} for
 * undeclared arguments, which suggests the nearest option for an unknown one.
 */
export function readArguments<const T extends ParseArgsConfig>(config: T): ReturnType<typeof parseArgs<T>> {
  try {
    return parseArgs(config);
  } catch (error) {
    const unknown = /^Unknown option '(-[^']*)'/.exec(messageOf(error))?.[1];
    if (unknown === undefined) throw new ConfigError(messageOf(error), { cause: error });
    const options = Object.entries(config.options ?? {});
    const names = options.flatMap(([name, { short }]) => [`--${name}`, ...(short === undefined ? [] : [`-${short}`])]);
    const known = names.length === 0 ? '; there are none' : `; there are ${names.join(', ')}`;
    throw new ConfigError(`no option ${unknown}${didYouMean(unknown, names) || known}`, { cause: error });
  }
}

/** {@link readArguments} for scripts: on an error, prints the message and exits with 1. */
export function readArgumentsOrExit<const T extends ParseArgsConfig>(config: T): ReturnType<typeof parseArgs<T>> {
  try {
    return readArguments(config);
  } catch (error) {
    console.error(messageOf(error));
    process.exit(1);
  }
}
