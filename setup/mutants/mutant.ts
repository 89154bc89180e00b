/** A mutation of the stand-in agent: one edit of its source. */
export interface Mutant {
  /** Name of the mutant, the argument of `pnpm kata mutants NAME`. */
  readonly name: string;
  /** The mutant's wrong behaviour, as a spec observes it. */
  readonly mutation: string;
  /** Path of the edited file, below fixtures/stand-in-agent. */
  readonly file: string;
  /** Text to replace, which occurs exactly once in the file. */
  readonly find: string;
  readonly replace: string;
  /** The specs that must detect the mutant. */
  readonly suites: readonly string[];
}

/**
 * The source with the mutation applied. Throws if the text to replace does not occur exactly once, because then the
 * mutant is out of date.
 */
export function mutate({ file, find, name, replace }: Mutant, source: string): string {
  const times = source.split(find).length - 1;
  if (times !== 1)
    throw new Error(`mutant ${name}: ${JSON.stringify(find)} occurs ${times} times in ${file}, expected once`);
  return source.replace(find, () => replace);
}
