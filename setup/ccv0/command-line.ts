import { ConfigError } from '../../helpers/errors.ts';

/** What was asked for on the command line of `pnpm ccv0`. */
export interface CommandLine {
  readonly command: string;
  readonly debug: boolean;
  readonly args: readonly string[];
}

/** Reads `[-d] [-h] <command> [arguments]`. Throws {@link ConfigError} with the nearest command for one nobody knows. */
export function parseCommandLine(words: readonly string[], commands: readonly string[]): CommandLine {
  const flags = words.filter((word) => /^-[dh]+$/.test(word)).join('');
  const rest = words.filter((word) => !/^-[dh]+$/.test(word));
  const [command = 'help', ...args] = flags.includes('h') ? ['help'] : rest;
  if (!commands.includes(command)) {
    const nearest = [...commands].sort((a, b) => distance(command, a) - distance(command, b))[0];
    throw new ConfigError(`no command ${command}; did you mean ${nearest}? \`pnpm ccv0 help\` lists them all`);
  }
  return { command, args, debug: flags.includes('d') };
}

/** How many letters differ. Source: Levenshtein's distance, row by row. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1];
    for (const [j, other] of [...b].entries()) {
      next.push(Math.min((next[j] ?? 0) + 1, (row[j + 1] ?? 0) + 1, (row[j] ?? 0) + (letter === other ? 0 : 1)));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
