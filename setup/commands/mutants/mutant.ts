/** A mutation of the stand-in agent: one edit of its source. */
export interface Mutant {
  /** Argument of `pnpm mutants NAME`. */
  readonly name: string;
  /** The wrong behaviour, as a spec observes it. */
  readonly mutation: string;
  /** Path below fixtures/stand-in-agent. */
  readonly file: string;
  /** Text that occurs exactly once in the file. */
  readonly find: string;
  readonly replace: string;
  /** The specs that must detect it. */
  readonly suites: readonly string[];
}

/** The edited source. Throws if the text does not occur exactly once, because the mutant is out of date. */
export function mutate({ file, find, name, replace }: Mutant, source: string): string {
  const times = source.split(find).length - 1;
  if (times !== 1)
    throw new Error(`mutant ${name}: ${JSON.stringify(find)} occurs ${times} times in ${file}, expected once`);
  return source.replace(find, () => replace);
}
