/** A lie for the stand-in agent to tell: one edit of its source. */
export interface Mutant {
  /** What `pnpm mutants NAME` takes. */
  readonly name: string;
  /** What it gets wrong, as a suite that is worth something would notice it. */
  readonly lie: string;
  /** Below fixtures/stand-in-agent. */
  readonly file: string;
  /** Is there exactly once. */
  readonly find: string;
  readonly replace: string;
  /** The specs that are meant to notice. */
  readonly suites: readonly string[];
}

/** The source with the edit made. Throws when the text is not there exactly once: the mutant is out of date. */
export function mutate({ file, find, name, replace }: Mutant, source: string): string {
  const times = source.split(find).length - 1;
  if (times !== 1) throw new Error(`mutant ${name}: ${JSON.stringify(find)} is ${times} times in ${file}, wanted once`);
  return source.replace(find, () => replace);
}
