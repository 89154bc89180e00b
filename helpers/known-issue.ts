import type { Generation, TargetName } from './target.ts';

/** A failure or flake that is looked after, until a date: an entry of suites/known-issues.json. */
export interface KnownIssue {
  /** Id of a test (`file > group > name`), of a group, a file, or a directory (`suites/image/`). */
  readonly test: string;
  /** Where it happens. */
  readonly targets: readonly TargetName[];
  /** Of which agents; all by default. */
  readonly generations?: readonly Generation[];
  /** Only failures that look like this; any by default. */
  readonly fingerprint?: string;
  /** Where it is discussed. */
  readonly issue: string;
  /** Only failures whose message matches this regular expression; any by default. */
  readonly message?: string;
  /** How often a test that fails so is tried again, in a guest that lives; never by default. */
  readonly retries?: number;
  /** Last day on which it explains anything, `YYYY-MM-DD`. */
  readonly expires: string;
  readonly why: string;
}

/** Where tests run, as far as issues differ by it. */
export interface Place {
  readonly target: TargetName;
  readonly generation: Generation;
}

/** Whether an issue names a test: by itself, or by its group, file or directory, never by a part of a name. */
export function namesTest({ test }: KnownIssue, id: string): boolean {
  // Of two tests of one name reports number the second.
  if (id === test || id.replace(/ \(\d+\)$/, '') === test) return true;
  return id.startsWith(test.endsWith('/') ? test : `${test} > `);
}

/** Whether an issue is about this target and this kind of agent. */
export function isAbout({ generations, targets }: KnownIssue, { generation, target }: Place): boolean {
  return targets.includes(target) && (generations === undefined || generations.includes(generation));
}

/** When, and at most how often, Vitest tries a test again. */
export interface Retry {
  readonly count: number;
  /** Told the error of the try that failed; counts. */
  readonly condition: (error: { readonly message?: unknown }) => boolean;
}

/** What the issues of today grant one test here; `undefined` when that is no retry. Each is used up by itself. */
export function retryOf(id: string, issues: readonly KnownIssue[], place: Place, today: string): Retry | undefined {
  const left = issues
    .filter((issue) => issue.expires >= today && namesTest(issue, id) && isAbout(issue, place))
    .flatMap(({ message, retries }) =>
      message === undefined || retries === undefined ? [] : [{ message: new RegExp(message), retries }],
    );
  if (left.length === 0) return undefined;
  return {
    count: left.reduce((sum, { retries }) => sum + retries, 0),
    condition: ({ message }) => {
      const text = typeof message === 'string' ? message : '';
      const granted = left.find((grant) => grant.retries > 0 && grant.message.test(text));
      if (granted === undefined) return false;
      granted.retries -= 1;
      return true;
    },
  };
}
