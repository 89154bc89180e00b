import { ConfigError } from '../../helpers/errors.ts';

/**
 * The arguments of Vitest for `pnpm test` with these words. Without each `--`, after which Vitest ignores all file
 * filters: pnpm passes it on. Throws {@link ConfigError} for an empty word.
 */
export function suitesArguments(words: readonly string[]): readonly string[] {
  rejectEmptyArguments('pnpm test', words);
  // After `run`, Vitest would not print its version but run the suites.
  if (words.some((word) => word === '--version' || word === '-v')) return ['--version'];
  return ['run', '--project', 'suites', ...words.filter((word) => word !== '--')];
}

/** Throws {@link ConfigError} if a word among the arguments of a command that runs suites is empty: it would select every test. */
export function rejectEmptyArguments(command: string, words: readonly string[]): void {
  if (!words.includes('')) return;
  throw new ConfigError(
    `${command}: an argument is empty (an unset variable in quotes?) and would select every test; name a spec file, or leave it out`,
  );
}

/**
 * The arguments of `pnpm kata` for `pnpm test --watch` with these words, which Vitest's users know; `undefined` without that option. Vitest's own
 * watch mode would not build the agent.
 */
export function watchArguments(words: readonly string[]): readonly string[] | undefined {
  const isWatch = (word: string): boolean => word === '--watch' || word === '-w';
  return words.some(isWatch) ? ['watch', ...words.filter((word) => !isWatch(word) && word !== '--')] : undefined;
}
