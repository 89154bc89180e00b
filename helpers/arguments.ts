import { type ParseArgsConfig, parseArgs } from 'node:util';
import { ConfigError, messageOf } from './errors.ts';
import { didYouMean } from './nearest.ts';

/**
 * Reads a command line as `parseArgs` of Node.js does, this process's own unless `args` are given. Throws {@link ConfigError}
 * for what is not declared: for an unknown option with the nearest one.
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

/** The same for a program that is one list of statements: prints what is wrong, and ends the process. */
export function readArgumentsOrExit<const T extends ParseArgsConfig>(config: T): ReturnType<typeof parseArgs<T>> {
  try {
    return readArguments(config);
  } catch (error) {
    console.error(messageOf(error));
    process.exit(1);
  }
}
